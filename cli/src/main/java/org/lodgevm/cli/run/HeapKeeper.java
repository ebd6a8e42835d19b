package org.lodgevm.cli.run;

/**
 * Keeps the Java heap of a machine's process small. The serial collector looks for garbage among old objects only when the heap is at its
 * limit, and until then decoded code of programs that have ended long ago takes memory that the host has other uses for.
 */
final class HeapKeeper {
    /** What may be added to the heap, in bytes, before garbage is looked for: that takes a tenth of a second. */
    private static final long ROOM = 96L << 20;
    /** The same while nothing happens that a pause could disturb. */
    private static final long QUIET_ROOM = 16L << 20;
    /** Bytes in {@link #MILLIS_BETWEEN} that are next to nothing. */
    private static final long QUIET = 1L << 20;

    private static final long MILLIS_BETWEEN = 1000;

    private HeapKeeper() {}

    /** Begins, for as long as the process lives. */
    static void start() {
        Thread.ofPlatform().daemon().name("lodge-heap").start(HeapKeeper::keep);
    }

    private static void keep() {
        long live = 0;
        long before = 0;
        try {
            while (true) {
                Thread.sleep(MILLIS_BETWEEN);
                if (isDue(live, before, used())) {
                    System.gc();
                    live = used();
                }
                before = used();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether to look for garbage.
     *
     * @param live bytes that were no garbage the last time
     * @param before bytes used when this was last asked
     * @param used bytes
     */
    static boolean isDue(long live, long before, long used) {
        boolean quiet = used >= before && used - before < QUIET;
        return used > live + (quiet ? QUIET_ROOM : Math.max(live, ROOM));
    }

    private static long used() {
        Runtime heap = Runtime.getRuntime();
        return heap.totalMemory() - heap.freeMemory();
    }
}
