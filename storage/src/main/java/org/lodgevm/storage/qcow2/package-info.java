/**
 * QEMU's qcow2, versions 2 and 3: the specification is {@code docs/interop/qcow2.txt} of QEMU, whose sections
 * {@code @qcow2} cites.
 *
 * <p>A cluster of the disk is found through two tables: an entry of L1 is the place of an L2 table, an entry of that
 * the place of the cluster. Every cluster of the file has a reference count, found through two tables as well.
 *
 * <pre>
 * Qcow2Image ─► ClusterMap (L1, L2) ─┐
 *           └─► Allocator (refcounts) ┴─► TableCache ─► Metadata ─► ByteStore
 * </pre>
 *
 * <p><b>What is on the disk when.</b> Content goes to the file at once; tables stay in memory until {@code Metadata} writes
 * them, in an order in which a file that ends anywhere in between is sound: reference counts that go up, then what refers, then
 * counts that go down. The worst is a leak, which the next one to open the file for writing gives back. What must change in many places at once (snapshots, repairs) is written beside what is
 * there, as a {@code Generation}, and becomes valid by one write of the header.
 *
 * <p><b>Threads.</b> {@code Locks} tells who may use tables at the same time. Nobody waits for the data of others: the place of a new cluster is
 * taken, filled, and referred to ({@code NewClusters}), and tables are locked for the first and the last of these only.
 *
 * <p><b>Trust.</b> Every number of a file is checked before it is used: tables are bounded, nothing is allocated
 * by the size that a field claims unless the file has as much, and content is never written where bookkeeping lives.
 *
 * <p>Absent on purpose, refused by name: encryption; external data files. Extended L2 entries are read, not written. Bitmaps are listed; an
 * image that is written to says that they no longer tell the truth, as the format provides.
 */
package org.lodgevm.storage.qcow2;
