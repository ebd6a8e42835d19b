package org.lodgevm.cli.run;

/**
 * Keeps the Java heap of a machine's process small. The serial collector looks for garbage among old objects only when the heap is at its
 * limit, and until then decoded code of programs that have ended long ago takes memory that the host has other uses for.
 */
final class HeapKeeper {
    /** What may be added to the heap, in bytes, before garbage is looked for: that takes a tenth of a second. */
    private static final long ROOM = 96L << 20;

    private static final long MILLIS_BETWEEN = 1000;

    private HeapKeeper() {}

    /** Begins, for as long as the process lives. */
    static void start() {
        Thread.ofPlatform().daemon().name("lodge-heap").start(HeapKeeper::keep);
    }

    private static void keep() {
        long limit = ROOM;
        try {
            while (true) {
                Thread.sleep(MILLIS_BETWEEN);
                if (used() > limit) {
                    System.gc();
                    limit = limit(used());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param live bytes that were no garbage */
    static long limit(long live) {
        return live + Math.max(live, ROOM);
    }

    private static long used() {
        Runtime heap = Runtime.getRuntime();
        return heap.totalMemory() - heap.freeMemory();
    }
}
