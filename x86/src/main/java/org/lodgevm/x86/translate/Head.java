package org.lodgevm.x86.translate;

import org.lodgevm.machine.HostMemory;

/**
 * What lies before a region's code: the linear address of its page (8 bytes), the list of jumps from other pages that are linked to
 * it (4), which goes on in the {@link Exit}s of these jumps, and whether jumps from its own page have to pass the guard, too (4). Entries of the
 * list are distances from the region; 0 ends it.
 */
final class Head {
    static final int BYTES = 16;
    private static final int PAGE = 16;
    private static final int LINKS = 8;
    private static final int GUARDED = 4;
    static final int ALWAYS_GUARDED = 1;

    private Head() {}

    static long page(long code) {
        return HostMemory.get64(code - PAGE);
    }

    static long pageField(long code) {
        return code - PAGE;
    }

    static boolean alwaysGuarded(long code) {
        return HostMemory.get32(code - GUARDED) == ALWAYS_GUARDED;
    }

    /** The first exit of the list, or 0. */
    static long firstLink(long code) {
        return at(code, HostMemory.get32(code - LINKS));
    }

    static long nextLink(long code, long exit) {
        return at(code, Exit.next(exit));
    }

    private static long at(long code, int distance) {
        return distance == 0 ? 0 : code + distance;
    }

    static long linksField(long code) {
        return code - LINKS;
    }
}
