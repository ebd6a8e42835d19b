package org.lodgevm.vm.migration;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.lodgevm.machine.PageSet;

/**
 * What has changed in a page, as QEMU's XBZRLE has it: any number of times a count of bytes that stay and a count of bytes that follow and replace what was there. Counts are
 * LEB128: seven bits a byte, the lowest first, the highest bit set while more follow. What comes after the last count stays.
 *
 * @qemu docs/xbzrle.txt, "Format"
 */
final class Delta {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int MORE = 0x80;
    private static final int COUNT_BITS = 7;
    /** Bytes between two changes that are cheaper sent than counted. */
    private static final int SHORT_GAP = 3;

    private Delta() {}

    /**
     * Writes what makes {@code after} of {@code before}, both pages.
     *
     * @return the bytes of it in {@code into}, 0 if both are the same, or -1 if it has no room there
     */
    static int encode(MemorySegment before, MemorySegment after, byte[] into) {
        int written = 0;
        int from = 0;
        for (int change = next(before, after, 0); change < PageSet.PAGE;) {
            int end = change;
            int following = change;
            while (following < PageSet.PAGE && following - end <= SHORT_GAP) {
                end = same(before, after, following);
                following = next(before, after, end);
            }
            int length = end - change;
            if (written + 2 * Short.BYTES + length > into.length) {
                return -1;
            }
            written = count(length, into, count(change - from, into, written));
            MemorySegment.copy(after, ValueLayout.JAVA_BYTE, change, into, written, length);
            written += length;
            from = end;
            change = following;
        }
        return written;
    }

    /** Where they differ from {@code at} on. */
    private static int next(MemorySegment before, MemorySegment after, int at) {
        int here = at;
        while (here <= PageSet.PAGE - Long.BYTES && before.get(LONG, here) == after.get(LONG, here)) {
            here += Long.BYTES;
        }
        while (here < PageSet.PAGE && isSame(before, after, here)) {
            here++;
        }
        return here;
    }

    /** Where they are the same again. */
    private static int same(MemorySegment before, MemorySegment after, int at) {
        int here = at;
        while (here < PageSet.PAGE && !isSame(before, after, here)) {
            here++;
        }
        return here;
    }

    private static boolean isSame(MemorySegment before, MemorySegment after, int at) {
        return before.get(ValueLayout.JAVA_BYTE, at) == after.get(ValueLayout.JAVA_BYTE, at);
    }

    private static int count(int value, byte[] into, int at) {
        int rest = value;
        int place = at;
        for (; rest >= MORE; rest >>>= COUNT_BITS) {
            into[place++] = (byte) (rest | MORE);
        }
        into[place++] = (byte) rest;
        return place;
    }

    /**
     * Applies what was received to a page.
     *
     * @throws MalformedStreamException if it is none; the page may have changed in part
     */
    static void apply(ByteBuffer delta, MemorySegment page) throws MalformedStreamException {
        int at = 0;
        while (delta.hasRemaining()) {
            at += count(delta, PageSet.PAGE - at);
            int length = count(delta, PageSet.PAGE - at);
            if (length == 0 || length > delta.remaining()) {
                throw new MalformedStreamException("the changes to a page have no end");
            }
            for (int i = 0; i < length; i++) {
                page.set(ValueLayout.JAVA_BYTE, at + i, delta.get());
            }
            at += length;
        }
    }

    private static int count(ByteBuffer delta, int most) throws MalformedStreamException {
        int value = 0;
        for (int shift = 0; shift <= COUNT_BITS; shift += COUNT_BITS) {
            int next = delta.hasRemaining() ? delta.get() : MORE;
            value |= (next & MORE - 1) << shift;
            if ((next & MORE) == 0) {
                if (value > most) {
                    throw new MalformedStreamException("the changes to a page go beyond its end");
                }
                return value;
            }
        }
        throw new MalformedStreamException("the changes to a page are counted by no number");
    }
}
