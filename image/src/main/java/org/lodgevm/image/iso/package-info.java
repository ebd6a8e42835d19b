/**
 * Writes ISO 9660 file systems: how files get into a guest that has a kernel and little else.
 *
 * <p>One folder, names as they are (Linux shows them in lower case), no extensions. Reading is absent.
 */
package org.lodgevm.image.iso;
