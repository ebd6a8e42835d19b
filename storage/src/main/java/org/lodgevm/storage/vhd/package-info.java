/**
 * Virtual PC's VHD, fixed and dynamic, which QEMU calls {@code vpc}.
 *
 * <p>A fixed image is the disk and a footer behind it. A dynamic one has a copy of the footer in front, a header, a table
 * of blocks and the blocks, each behind a bitmap of its sectors; the footer moves along with the end.
 *
 * <p>Absent: differencing images.
 */
package org.lodgevm.storage.vhd;
