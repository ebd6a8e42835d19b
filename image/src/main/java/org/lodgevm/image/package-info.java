/**
 * Guest images from distribution packages: what the packages below this one share.
 *
 * <p>Data flows {@code apt} (where the archives are) &rarr; {@code debian} (what they hold, verified by {@code pgp}, fetched by
 * {@code fetch}, kept by {@code cache}) &rarr; {@code deb} (the files of a package) &rarr; {@code initramfs} (the guest's first
 * file system) &rarr; {@code guest} (a kernel and a file system, ready to boot). {@code session} is how one command runs in
 * such a guest.
 *
 * <p>Nothing here needs privilege, a tool or a particular operating system. Installing packages, with their maintainer
 * scripts, is absent: files are taken out of them.
 */
package org.lodgevm.image;
