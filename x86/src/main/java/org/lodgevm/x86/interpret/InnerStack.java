package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Vector;

/** The stack that a 16- or 32-bit TSS has for an inner privilege level, which gates switch to. @sdm 3A:5.8.5 */
final class InnerStack {
    private final Cpu c;
    private final int selector;
    private final int ext;
    private final long pointer;
    private final long descriptor;
    private final Segment segment = new Segment();

    /** Reads and checks it; nothing changes yet. */
    InnerStack(Cpu c, int cpl, int ext) {
        this.c = c;
        this.ext = ext;
        selector = Tss.stackSelector(c, cpl, ext);
        pointer = Tss.stackPointer(c, cpl, ext);
        descriptor = Segmentation.checkStack(c, selector, cpl, Vector.TS, ext);
        segment.set(selector, Descriptor.base(descriptor), Descriptor.limit(descriptor), Descriptor.attributes(descriptor));
    }

    /** To push values of that many bytes onto it. */
    Frame frame(int size) {
        long mask = segment.big() ? 0xffff_ffffL : 0xffff;
        return new Frame(c, segment, pointer, mask, size, selector & Segmentation.INDEX_AND_TABLE | ext);
    }

    /** The last that can fault. */
    void markAccessed() {
        Segmentation.markAccessed(c, selector, descriptor);
    }

    /** Loads SS, and rSP as it is in the TSS. */
    void enter() {
        Segmentation.set(c, Segment.SS, selector, segment.base, segment.limit, segment.attributes | Segment.TYPE_ACCESSED);
        c.r[Gpr.RSP] = pointer;
    }
}
