package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Vector;

/**
 * What the processor reads from the current task-state segment outside task switches. @sdm 3A:8.2.1, 3A:8.7
 *
 * <p>{@code ext} goes into the error code of the #TS that a short TSS causes.
 */
final class Tss {
    private Tss() {}

    private static boolean is16(Cpu c) {
        return c.tr.type() == Segment.SYSTEM_TSS16_BUSY || c.tr.type() == Segment.SYSTEM_TSS16;
    }

    private static long read(Cpu c, long offset, int size, int ext) {
        if (offset + size - 1 > c.tr.limit) {
            throw c.fault(Vector.TS, c.tr.selector & Segmentation.INDEX_AND_TABLE | ext);
        }
        c.implicitSupervisor();
        try {
            return Linear.read(c, c.tr.base + offset, size, Segment.DS);
        } finally {
            c.updateRegime();
        }
    }

    static int stackSelector(Cpu c, int cpl, int ext) {
        return (int) (is16(c) ? read(c, 4 + 4 * cpl, 2, ext) : read(c, 8 + 8 * cpl, 2, ext));
    }

    static long stackPointer(Cpu c, int cpl, int ext) {
        return is16(c) ? read(c, 2 + 4 * cpl, 2, ext) : read(c, 4 + 8 * cpl, 4, ext);
    }

    static long stackPointer64(Cpu c, int cpl, int ext) {
        return read(c, 4 + 8 * cpl, 8, ext);
    }

    /** IST1 to IST7. */
    static long interruptStack(Cpu c, int number, int ext) {
        return read(c, 28 + 8 * number, 8, ext);
    }
}
