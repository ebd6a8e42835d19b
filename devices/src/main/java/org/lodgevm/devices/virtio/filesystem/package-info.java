/**
 * The file system device: a folder of the host's.
 *
 * <p>What passes through its queues is the protocol of FUSE, which the guest's kernel otherwise speaks with a program of its own; {@link
 * org.lodgevm.devices.virtio.filesystem.FileSystemDevice} hands each request to the package {@code fuse}. The first queue is for requests
 * that must not wait behind others, in Linux those by which it forgets files.
 *
 * <p>Deliberately absent: notifications (VIRTIO_FS_F_NOTIFICATION) and the window of shared memory (DAX). @virtio 5.11
 */
package org.lodgevm.devices.virtio.filesystem;
