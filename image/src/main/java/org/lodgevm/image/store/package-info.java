/**
 * Images that were pulled: a folder each, with a disk that is never written again, a kernel, an initial RAM disk and a
 * manifest. Machines write to overlays of the disk, so that any number of them share it.
 *
 * <p>An image is there whole or not at all: it is made in a folder of its own beside the others, which is renamed when all is
 * written. An image that was built on another has a disk above that one's, and is named for it in its manifest. The manifest is text as Debian writes it ({@code deb822(5)}), for people as much as for programs. An image knows the
 * overlays that need it, and is not deleted as long as one of them exists.
 */
package org.lodgevm.image.store;
