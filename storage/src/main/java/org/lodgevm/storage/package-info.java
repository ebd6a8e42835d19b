/**
 * Disks, and what they are kept in.
 *
 * <p>A {@link org.lodgevm.storage.BlockImage} is what a device reads and writes. A {@link org.lodgevm.storage.ByteStore} is
 * a file below. Between them an {@link org.lodgevm.storage.ImageFormat} translates offsets of the disk to offsets
 * in the file:
 *
 * <pre>
 * device ─► BlockImage (qcow2, vmdk, ...) ─► ByteStore (a file, an NBD export) ─► host
 *               └─► backing BlockImage ─► ...
 * </pre>
 *
 * <p>Images are opened and made through {@code org.lodgevm.storage.catalog}. Files that an image names, such as its backing
 * file, are opened by whoever opens the image ({@link org.lodgevm.storage.Surroundings}), who may refuse: no format opens
 * a file by itself.
 *
 * <p>Absent on purpose: partitions and file systems; encryption; throttling, which is the device's.
 */
package org.lodgevm.storage;
