package org.lodgevm.x86.oracle;

import java.util.List;

/**
 * The segments that a case may use beside Linux's flat ones: an LDT, written by modify_ldt(2)
 * natively and as descriptors for the CPU under test.
 *
 * @sdm Volume 3, 3.4.5
 */
final class Descriptors {
    private static final int DPL3 = 3 << 5;
    private static final int PRESENT = 1 << 7;
    private static final int CODE_OR_DATA = 1 << 4;
    private static final int ACCESSED = 1;
    private static final int BIG = 1 << 6;
    private static final int GRANULAR = 1 << 7;
    private static final int TABLE_LDT = 4;
    private static final int RPL3 = 3;

    /** What a segment holds, as modify_ldt(2) numbers it. */
    enum Contents {
        DATA,
        EXPAND_DOWN,
        CODE
    }

    /**
     * One segment.
     *
     * @param restricted read-only data, execute-only code
     */
    record Segment(
            Contents contents,
            long base,
            int limit,
            boolean restricted,
            boolean big,
            boolean granular,
            boolean present) {

        /** The struct user_desc, as four words. */
        int[] userDesc(int entry) {
            int flags =
                    (big ? 1 : 0)
                            | contents.ordinal() << 1
                            | (restricted ? 1 << 3 : 0)
                            | (granular ? 1 << 4 : 0)
                            | (present ? 0 : 1 << 5);
            return new int[] {entry, (int) base, limit, flags};
        }

        /** The descriptor that Linux makes of it. */
        long descriptor() {
            int type =
                    ACCESSED
                            | switch (contents) {
                                case DATA -> restricted ? 0 : 2;
                                case EXPAND_DOWN -> restricted ? 4 : 6;
                                case CODE -> restricted ? 8 : 10;
                            };
            long access = type | CODE_OR_DATA | DPL3 | (present ? PRESENT : 0);
            long size = (big ? BIG : 0) | (granular ? GRANULAR : 0);
            return limit & 0xFFFFL
                    | (base & 0xFF_FFFFL) << 16
                    | access << 40
                    | (size | limit >> 16 & 0xFL) << 48
                    | (base >>> 24 & 0xFFL) << 56;
        }
    }

    static final int CODE16 = selector(0);
    static final int DATA16 = selector(1);
    static final int SHORT_DATA = selector(2);
    static final int EXPAND_DOWN = selector(3);
    static final int READ_ONLY = selector(4);
    static final int EXECUTE_ONLY = selector(5);
    static final int ABSENT = selector(6);
    static final int CODE32 = selector(7);
    static final int EXPAND_DOWN16 = selector(8);

    private static final int LAST_BYTE = Layout.DATA_BYTES - 1;

    static final List<Segment> LDT =
            List.of(
                    new Segment(
                            Contents.CODE,
                            Layout.CODE,
                            Layout.CODE_BYTES - 1,
                            false,
                            false,
                            false,
                            true),
                    new Segment(Contents.DATA, Layout.DATA, LAST_BYTE, false, false, false, true),
                    new Segment(
                            Contents.DATA,
                            Layout.DATA,
                            Layout.PAGE + 0x100,
                            false,
                            true,
                            false,
                            true),
                    new Segment(
                            Contents.EXPAND_DOWN,
                            Layout.DATA,
                            Layout.PAGE - 0x101,
                            false,
                            true,
                            false,
                            true),
                    new Segment(Contents.DATA, Layout.DATA, LAST_BYTE, true, true, false, true),
                    new Segment(Contents.CODE, Layout.DATA, LAST_BYTE, true, true, false, true),
                    new Segment(Contents.DATA, Layout.DATA, LAST_BYTE, false, true, false, false),
                    new Segment(Contents.CODE, 0, 0xF_FFFF, false, true, true, true),
                    new Segment(
                            Contents.EXPAND_DOWN,
                            Layout.DATA,
                            Layout.PAGE - 0x101,
                            false,
                            false,
                            false,
                            true));

    private Descriptors() {}

    private static int selector(int entry) {
        return entry << 3 | TABLE_LDT | RPL3;
    }

    /** The base of the segment that a selector names; 0 for those of Linux. */
    static long base(int selector) {
        return (selector & TABLE_LDT) != 0 ? LDT.get(selector >> 3).base() : 0;
    }
}
