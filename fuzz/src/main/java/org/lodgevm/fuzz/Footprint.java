package org.lodgevm.fuzz;

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
 */
public record Footprint(long heap, long metaspace, long resident, int threads) {
    /** Growth that is a leak. Caches and statistics of the JVM and its compilers stay well below. */
    private static final Footprint TOO_MUCH = new Footprint(48L << 20, 48L << 20, 400L << 20, 8);

    /** Collects garbage, then looks. */
    public static Footprint now() {
        System.gc();
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                        .map(MemoryPoolMXBean::getUsage).mapToLong(usage -> usage.getUsed()).sum(),
                residentBytes(),
                ManagementFactory.getThreadMXBean().getThreadCount());
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

    /** By how much this is more than an earlier one. */
    public Footprint since(Footprint before) {
        return new Footprint(heap - before.heap, metaspace - before.metaspace, resident - before.resident, threads - before.threads);
    }

    /** Whether this, as the growth of a long run, is a leak. */
    public boolean isLeak() {
        return heap > TOO_MUCH.heap || metaspace > TOO_MUCH.metaspace || resident > TOO_MUCH.resident || threads > TOO_MUCH.threads;
    }

    @Override
    public String toString() {
        return "heap %,d KiB, metaspace %,d KiB, resident %,d KiB, %d threads".formatted(heap >> 10, metaspace >> 10, resident >> 10, threads);
    }
}
