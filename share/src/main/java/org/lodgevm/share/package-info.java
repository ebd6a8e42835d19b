/**
 * A folder of the host, for somebody who must not leave it.
 *
 * <p>{@link org.lodgevm.share.SharedFolder#open} asks the {@link org.lodgevm.share.FolderAccess} that is installed for the folder's {@link
 * org.lodgevm.share.Place}. From there on, nothing has a path: a place is held, not named, and every operation on what is in a folder
 * takes the folder's place and one name in it, which is never followed if it is a symbolic link. So there is no moment at which somebody
 * could put a link where a folder was.
 *
 * <p>Values are those of Linux's interfaces, because both ends speak them: modes, flags, error numbers. A refusal is a {@link
 * org.lodgevm.share.FileFault}, which costs nothing to throw.
 *
 * <p>Deliberately absent: who may do what, which is the operating system's to say; locks; notification of changes. Names are bytes,
 * whatever they mean.
 */
package org.lodgevm.share;
