/**
 * VirtualBox's VDI, dynamic and static: a header, a table of blocks of 1 MiB, the blocks.
 *
 * <p>Absent: differencing images, which name their parent by a UUID that only VirtualBox's registry can resolve.
 */
package org.lodgevm.storage.vdi;
