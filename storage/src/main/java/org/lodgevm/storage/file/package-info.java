/**
 * Files of the host as {@link org.lodgevm.storage.ByteStore}s, with locks against double use that QEMU's tools understand.
 *
 * <p>{@link org.lodgevm.storage.file.HostFile} works everywhere, by {@code FileChannel}. What Java has no call for (holes) a
 * {@link org.lodgevm.storage.file.HolePuncher} does, a service that another module may provide.
 */
package org.lodgevm.storage.file;
