package org.lodgevm.x86.interpret;

/** Fields of an 8-byte segment descriptor. @sdm 3.4.5 */
final class Descriptor {
    private static final int ATTRIBUTES = 0xf0ff;

    private Descriptor() {}

    static long base(long d) {
        return d >>> 16 & 0xff_ffff | d >>> 32 & 0xff00_0000L;
    }

    /** The highest valid offset, granularity applied. */
    static long limit(long d) {
        long limit = d & 0xffff | d >>> 32 & 0xf_0000;
        return (attributes(d) & Segment.G) != 0 ? limit << 12 | 0xfff : limit;
    }

    static int attributes(long d) {
        return (int) (d >>> 40) & ATTRIBUTES;
    }

    static int type(long d) {
        return attributes(d) & Segment.TYPE;
    }

    static int dpl(long d) {
        return attributes(d) >> Segment.DPL_SHIFT & 3;
    }

    static boolean present(long d) {
        return (attributes(d) & Segment.P) != 0;
    }

    static boolean system(long d) {
        return (attributes(d) & Segment.S) == 0;
    }

    static boolean code(long d) {
        return (attributes(d) & (Segment.S | Segment.TYPE_CODE)) == (Segment.S | Segment.TYPE_CODE);
    }

    static boolean conforming(long d) {
        return code(d) && (attributes(d) & Segment.TYPE_DOWN_OR_CONFORMING) != 0;
    }

    static boolean readable(long d) {
        return !system(d) && (!code(d) || (attributes(d) & Segment.TYPE_WRITE_OR_READ) != 0);
    }

    static boolean writable(long d) {
        return !system(d) && !code(d) && (attributes(d) & Segment.TYPE_WRITE_OR_READ) != 0;
    }

    /** The offset of a call, interrupt or trap gate, its first 8 bytes. */
    static long gateOffset(long d) {
        return d & 0xffff | d >>> 32 & 0xffff_0000L;
    }

    static int gateSelector(long d) {
        return (int) (d >>> 16) & 0xffff;
    }
}
