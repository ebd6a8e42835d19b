/**
 * Folders for {@link org.lodgevm.share}, by Linux's calls that take a folder's descriptor and a name in it.
 *
 * <p>A {@link org.lodgevm.linux.share.LinuxPlace} is a descriptor of O_PATH, which refers to a file without opening it; names are looked up
 * with O_NOFOLLOW. What takes a path only (opening for good, permissions, times, extended attributes) gets the descriptor's own in {@code
 * /proc/self/fd}, which leads to that very file and nowhere else. All calls go through {@link org.lodgevm.linux.share.Calls}.
 *
 * <p>Deliberately absent: openat2, whose RESOLVE_BENEATH has nothing to do where names have one component.
 */
package org.lodgevm.linux.share;
