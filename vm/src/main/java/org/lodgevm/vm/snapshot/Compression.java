package org.lodgevm.vm.snapshot;

/** How a snapshot has memory in it. */
public enum Compression {
    /** As it is, but for pages of zeros: it is mapped, and a machine runs at once. */
    NONE,
    /** Smaller, to be kept or sent: all of it is read before the machine runs. */
    ZSTD
}
