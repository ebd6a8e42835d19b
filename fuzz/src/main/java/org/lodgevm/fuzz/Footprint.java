package org.lodgevm.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process uses.
 *
 * @param heap bytes that are live
 * @param metaspace bytes that classes take
 * @param resident bytes of physical memory, 0 where the host does not tell
 * @param descriptors open files, 0 where the host does not tell
 */
public record Footprint(long heap, long metaspace, long resident, int threads, int descriptors) {
    /** Growth that is a leak. Caches and statistics of the JVM and its compilers stay well below. */
    private static final Footprint TOO_MUCH = new Footprint(48L << 20, 48L << 20, 400L << 20, 8, 8);

    /** Collects garbage, then looks. */
    public static Footprint now() {
        System.gc();
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                        .map(MemoryPoolMXBean::getUsage).mapToLong(usage -> usage.getUsed()).sum(),
                residentBytes(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles());
    }

    private static long residentBytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try {
            return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int openFiles() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    /** By how much this is more than an earlier one. */
    public Footprint since(Footprint before) {
        return new Footprint(heap - before.heap, metaspace - before.metaspace, resident - before.resident, threads - before.threads,
                descriptors - before.descriptors);
    }

    /** Whether this, as the growth of a long run, is a leak. */
    public boolean isLeak() {
        return heap > TOO_MUCH.heap || metaspace > TOO_MUCH.metaspace || resident > TOO_MUCH.resident || threads > TOO_MUCH.threads
                || descriptors > TOO_MUCH.descriptors;
    }

    @Override
    public String toString() {
        return "heap %,d KiB, metaspace %,d KiB, resident %,d KiB, %d threads, %d open files".formatted(
                heap >> 10, metaspace >> 10, resident >> 10, threads, descriptors);
    }
}
