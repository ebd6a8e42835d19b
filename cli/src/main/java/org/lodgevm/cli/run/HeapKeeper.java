package org.lodgevm.cli.run;

import java.util.ServiceLoader;
import org.lodgevm.machine.ProgramPages;

/**
 * Keeps the Java heap of a machine's process small, and once it is quiet, what is in memory of the program itself. The serial collector looks for garbage among old objects only when the heap is at its
 * limit, and until then decoded code of programs that have ended long ago takes memory that the host has other uses for.
 */
final class HeapKeeper {
    /** What may be added to the heap, in bytes, before garbage is looked for: that takes a tenth of a second. */
    private static final long ROOM = 96L << 20;
    /** The same while nothing happens that a pause could disturb. */
    private static final long QUIET_ROOM = 16L << 20;
    /** Bytes that are next to nothing. */
    private static final long LITTLE = 1L << 20;

    private static final long MILLIS_BETWEEN = 1000;
    /** How often in a row next to nothing has been added when it is quiet. Decoded code that is not needed any more has been let go of by then. */
    private static final int QUIET = 3;

    private HeapKeeper() {}

    /** Begins, for as long as the process lives. */
    static void start() {
        Thread.ofPlatform().daemon().name("lodge-heap").start(HeapKeeper::keep);
    }

    private static void keep() {
        long live = 0;
        long before = 0;
        int quiet = 0;
        try {
            while (true) {
                Thread.sleep(MILLIS_BETWEEN);
                long used = used();
                quiet = used >= before && used - before < LITTLE ? quiet + 1 : 0;
                boolean due = isDue(live, quiet, used);
                if (due) {
                    System.gc();
                    live = used();
                }
                if (quiet == QUIET || quiet > QUIET && due) { // the collector needed some of the program
                    ServiceLoader.load(ProgramPages.class).forEach(ProgramPages::release);
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
     * @param quiet how often in a row next to nothing has been added
     * @param used bytes
     */
    static boolean isDue(long live, int quiet, long used) {
        if (quiet == QUIET) {
            return used > live + LITTLE;
        }
        return used > live + (quiet > QUIET ? QUIET_ROOM : Math.max(live, ROOM));
    }

    private static long used() {
        Runtime heap = Runtime.getRuntime();
        return heap.totalMemory() - heap.freeMemory();
    }
}
