/**
 * Hyper-V's VHDX, fixed and dynamic: two headers of which the newer sound one counts, a log, a table of blocks, metadata.
 *
 * <p>A log that was not played back when the image was last closed is played back when it is opened for writing. Lodge itself
 * writes entries of the block table in place, each inside of one sector, after the block; it keeps no log.
 *
 * <p>Absent: differencing images. {@code @vhdx} cites Microsoft's [MS-VHDX].
 */
package org.lodgevm.storage.vhdx;
