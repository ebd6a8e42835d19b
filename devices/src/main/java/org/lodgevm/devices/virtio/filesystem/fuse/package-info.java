/**
 * A server of FUSE's protocol, version 7.31 and later, for one folder of the host's.
 *
 * <p>{@link org.lodgevm.devices.virtio.filesystem.fuse.FuseServer} reads a {@link org.lodgevm.devices.virtio.filesystem.fuse.Request},
 * finds the operation for its opcode among {@code *Operations}, each of a few opcodes that belong together, and writes the answer. A guest
 * knows files by the numbers of {@link org.lodgevm.devices.virtio.filesystem.fuse.Nodes}, and open ones by those of {@link
 * org.lodgevm.devices.virtio.filesystem.fuse.Handles}.
 *
 * <p>A node is a parent, a name in it, and the file's identity. The host's descriptor that stands for it is only kept as long as it is
 * used: when it is needed again, the way down is gone again name by name, no symbolic link followed, and what is found there must be the
 * same file, else the guest is told ESTALE and looks the name up again. So what a guest knows costs little, a table without limit of
 * descriptors is not needed, and a machine that was saved finds its files again.
 *
 * <p>Operations on names and nodes hold the server's lock; those on an open file's content do not.
 *
 * <p>Bounds: of nodes, of open files, of the length of names and requests. What exceeds them is refused with an error of the host's kind.
 *
 * <p>Deliberately absent: locks, which the guest's kernel keeps among its own processes; device files; set-user-ID bits, which no guest
 * is to leave on the host; writeback caching, which would keep from the host what the guest has written. What the protocol's structures
 * are is told by Linux's include/uapi/linux/fuse.h; they are cited by their names there.
 */
package org.lodgevm.devices.virtio.filesystem.fuse;
