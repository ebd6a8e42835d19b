package org.lodgevm.bench.guest;

import java.nio.file.Path;

/**
 * One run of a guest, or of the host in a guest's place.
 *
 * @param kernel a bzImage
 * @param arguments the kernel's command line
 * @param initrd with what is to run; it starts by itself
 * @param cpus of the guest
 * @param memory of the guest, in bytes
 */
public record Job(Path kernel, String arguments, Path initrd, int cpus, long memory) {
    /** RAM of a guest that boots and does nothing. */
    public static final long BOOT_MEMORY = 512L << 20;

    /** RAM of a guest that works: for two copies of the largest workload and for the packages. */
    public static final long WORK_MEMORY = 2048L << 20;
}
