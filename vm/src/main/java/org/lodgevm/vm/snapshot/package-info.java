/**
 * Snapshots of machines, as files: {@link org.lodgevm.vm.snapshot.SnapshotWriter} makes one of what a machine was for a moment,
 * {@link org.lodgevm.vm.snapshot.SnapshotFile} looks at it and tells where memory is, which is mapped and read when the guest touches it.
 *
 * <h2>The format</h2>
 *
 * <table>
 * <caption>Header: the first 4 KiB, big-endian; what is not named is zero</caption>
 * <tr><td>0</td><td>8</td><td>{@code LODGSNAP}</td></tr>
 * <tr><td>8</td><td>4</td><td>version: 1</td></tr>
 * <tr><td>12</td><td>4</td><td>length of the description</td></tr>
 * <tr><td>16</td><td>4</td><td>its CRC-32C</td></tr>
 * <tr><td>20</td><td>4</td><td>length of the state</td></tr>
 * <tr><td>24</td><td>4</td><td>its CRC-32C</td></tr>
 * <tr><td>28</td><td>8</td><td>length of the file</td></tr>
 * <tr><td>4092</td><td>4</td><td>CRC-32C of the header up to here</td></tr>
 * </table>
 *
 * After the header comes the description, the fields of {@link org.lodgevm.vm.snapshot.Description} as {@link org.lodgevm.machine.state} writes
 * data, then the state of CPUs and devices in the same format, zeros up to a whole page, and the parts of RAM, where the description says.
 * Pages of zeros are holes in the file. A compressed part has each MiB as a frame of Zstandard, one after the other, and ends with a whole page; one of zeros has no
 * bytes.
 *
 * <p>Header, description and state are checked whenever a file is opened, and so is its length. RAM has a checksum for each MiB; these are
 * looked at by {@link org.lodgevm.vm.snapshot.SnapshotFile#verify} only, unless it is compressed, because a machine is to run before its memory has been read.
 *
 * <p>A file is written under another name, made durable, and renamed: it is there as a whole or not at all. Disks are not in it. Images of
 * disks keep their content of then themselves, under the name that the description has.
 *
 * <p>A snapshot whose RAM is in another file is one for a moment: a copy of a running machine starts from it, whose memory it shares until
 * one of both writes.
 */
package org.lodgevm.vm.snapshot;
