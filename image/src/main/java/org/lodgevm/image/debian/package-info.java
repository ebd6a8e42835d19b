/**
 * Debian's package archive: which packages it offers, which of them go together, and how to get them.
 *
 * <p>Trust flows from a keyring to a suite's Release file, from the hashes in there to an index of packages, and from the
 * hashes in that to a package. Nothing that fails a step is used, whatever way it came. The resource
 * {@code debian-archive-keyring.asc} holds the public keys of Debian's archive, from Debian's source package
 * {@code debian-archive-keyring} 2023.3+deb12u2, whose copyright file says of them: "The keys in the keyrings don't fall
 * under any copyright." It serves machines that do not have that package.
 *
 * <p>Absent: installing (unpacking with ownership, maintainer scripts, triggers), source packages, pinning.
 */
package org.lodgevm.image.debian;
