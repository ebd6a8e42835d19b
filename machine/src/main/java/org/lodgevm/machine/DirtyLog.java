package org.lodgevm.machine;

/**
 * Which pages of RAM were written to since one last asked, while the machine runs: from the log's beginning to its {@link #close}.
 *
 * <p>Whoever copies a page after {@link #collect} has named it may copy it while it is being written to: then a later collection
 * names it again. That holds because
 * <ul>
 * <li>whoever writes as a device does ({@link GuestMemory#change}) writes first and then enters the page;
 * <li>a CPU enters a page before its first write to it, and then writes to it unnoticed; a collection empties the set, and then makes
 *     each CPU, between two instructions, notice first writes again. What it wrote unnoticed before was written before the collection is over.
 * </ul>
 *
 * <p>A page that has two addresses goes by that of the RAM.
 */
public final class DirtyLog implements AutoCloseable {
    private final GuestMemory memory;
    private final Accelerator.VcpuFactory cpus;
    private final PageSet written;

    /** @throws IllegalStateException if there is another one of this memory */
    public DirtyLog(GuestMemory memory, Accelerator.VcpuFactory cpus) {
        this.memory = memory;
        this.cpus = cpus;
        written = memory.beginLog();
        cpus.logWrites(true);
    }

    /** Pages written to since the last collection, or the log's beginning. */
    public synchronized PageSet collect() {
        PageSet taken = written.take();
        cpus.collectWrites(taken);
        return taken;
    }

    /** Ends the log, on a thread that is none of the CPUs'. */
    @Override
    public synchronized void close() {
        cpus.logWrites(false);
        memory.endLog();
    }
}
