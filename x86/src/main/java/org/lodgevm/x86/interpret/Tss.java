package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Vector;

/** What the processor reads from the current task-state segment outside task switches. @sdm 8.2.1, 8.7 */
final class Tss {
    private Tss() {}

    private static boolean is16(Cpu c) {
        return c.tr.type() == Segment.SYSTEM_TSS16_BUSY || c.tr.type() == Segment.SYSTEM_TSS16;
    }

    private static long read(Cpu c, long offset, int size) {
        if (offset + size - 1 > c.tr.limit) {
            throw c.fault(Vector.TS, c.tr.selector & Segmentation.INDEX_AND_TABLE);
        }
        c.implicitSupervisor();
        try {
            return Linear.read(c, c.tr.base + offset, size, Segment.DS);
        } finally {
            c.updateRegime();
        }
    }

    static int stackSelector(Cpu c, int cpl) {
        return (int) (is16(c) ? read(c, 4 + 4 * cpl, 2) : read(c, 8 + 8 * cpl, 2));
    }

    static long stackPointer(Cpu c, int cpl) {
        return is16(c) ? read(c, 2 + 4 * cpl, 2) : read(c, 4 + 8 * cpl, 4);
    }

    static long stackPointer64(Cpu c, int cpl) {
        return read(c, 4 + 8 * cpl, 8);
    }

    /** IST1 to IST7. */
    static long interruptStack(Cpu c, int number) {
        return read(c, 28 + 8 * number, 8);
    }
}
