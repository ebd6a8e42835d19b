/**
 * The files of a Debian package, in pure Java: an ar archive that contains a compressed tar archive.
 *
 * <p>Packages are read as streams. Whatever one contains, reading it takes bounded memory and ends in its files or in a
 * {@link org.lodgevm.image.deb.MalformedPackageException}. Control files and maintainer scripts are not looked at.
 */
package org.lodgevm.image.deb;
