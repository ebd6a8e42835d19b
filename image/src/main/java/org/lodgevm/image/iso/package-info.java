/**
 * Writes ISO 9660 file systems: how files get into a guest that has a kernel and little else, and how a guest is told what it is to become.
 *
 * <p>One folder, names of up to thirty ASCII characters, kept as they are by Rock Ridge's extension; who does not know that sees them in
 * upper case. Reading is absent, and so are folders, dates and Joliet.
 */
package org.lodgevm.image.iso;
