package org.lodgevm.x86.interpret;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.translate.Context;
import org.lodgevm.x86.translate.Source;
import org.lodgevm.x86.translate.Translator;

/**
 * What a guest executes in one page of 64-bit code: enough for another process, which has the guest's memory and is to go on with it, to translate that before
 * it does. It is a hint: what the page holds by then decides what is made of it, and whether that is ever found.
 *
 * @param linear address of the page, and what rIP is there
 * @param executed offsets of bytes of instructions that were decoded or translated
 * @param entries those of them at which translations begin
 */
record HotPage(long physical, long linear, int context, BitSet executed, BitSet entries) {
    /** Of all that is told of a machine. */
    private static final int MOST_BYTES = 1 << 20;
    private static final int HEADER = 2 * Long.BYTES + Integer.BYTES + 2 * Short.BYTES;

    HotPage(long physical, long linear, int context) {
        this(physical, linear, context, new BitSet(Source.PAGE), new BitSet(Source.PAGE));
    }

    private int bytes() {
        return HEADER + Short.BYTES * (entries.cardinality() + 2 * runs());
    }

    private int runs() {
        return (int) executed.stream().filter(offset -> offset == 0 || !executed.get(offset - 1)).count();
    }

    /** As many as there is room for. */
    static byte[] encode(List<HotPage> pages) {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        for (HotPage page : pages) {
            if (page.bytes() <= out.remaining()) {
                page.encode(out);
            }
        }
        byte[] encoded = new byte[out.flip().remaining()];
        out.get(encoded);
        return encoded;
    }

    private void encode(ByteBuffer out) {
        out.putLong(physical).putLong(linear).putInt(context).putShort((short) entries.cardinality()).putShort((short) runs());
        entries.stream().forEach(offset -> out.putShort((short) offset));
        for (int from = executed.nextSetBit(0); from >= 0; from = executed.nextSetBit(executed.nextClearBit(from))) {
            out.putShort((short) from).putShort((short) (executed.nextClearBit(from) - from));
        }
    }

    /** Of somebody else's data as much as makes sense. */
    static List<HotPage> decode(byte[] encoded) {
        List<HotPage> pages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(encoded);
        while (in.remaining() >= HEADER) {
            HotPage page = new HotPage(in.getLong() & -Source.PAGE, in.getLong() & -Source.PAGE, in.getInt());
            int begins = in.getShort() & 0xffff;
            int runs = in.getShort() & 0xffff;
            for (; begins > 0 && in.remaining() >= Short.BYTES; begins--) {
                page.entries.set(in.getShort() & Source.PAGE - 1);
            }
            for (; runs > 0 && in.remaining() >= 2 * Short.BYTES; runs--) {
                int from = in.getShort() & Source.PAGE - 1;
                page.executed.set(from, Math.min(from + (in.getShort() & 0xffff), Source.PAGE));
            }
            pages.add(page);
        }
        return pages;
    }

    /** Translates into the archive what is not there yet. @param wanted asked before each translation whether to go on */
    void translate(GuestMemory memory, Translator translator, BooleanSupplier wanted) {
        Context translated = Cpu.context64(context);
        byte[] bytes = bytes(memory);
        if (bytes == null || translated == null) {
            return;
        }
        Known source = new Known(bytes);
        for (int offset = entries.nextSetBit(0); offset >= 0 && wanted.getAsBoolean(); offset = entries.nextSetBit(offset + 1)) {
            long rip = linear + offset;
            if (translator.has(rip, context, memory.slot(physical).host(physical)) || translator.record(source, rip, physical, translated) != null) {
                source.made.set(offset);
            }
        }
    }

    /**
     * Has all made that interpreting the instructions takes, since what comes before and between translations is interpreted.
     *
     * @return how many there are
     */
    int bind(GuestMemory memory, Binder binder) {
        byte[] bytes = bytes(memory);
        Decoder decoder = new Decoder();
        Instruction before = null;
        int bound = 0;
        for (int at = bytes == null ? -1 : executed.nextSetBit(0); at >= 0; bound++) {
            Instruction in = new Instruction();
            if (decoder.decode(bytes, at, bytes.length - at, CodeSize.BITS_64, in) != Outcome.DECODED) {
                break; // it lies over the boundary, or the page has changed
            }
            if (before == null || binder.bindPair(before, in, linear) == null) {
                binder.bind(in, linear + at, -1);
            }
            before = in;
            at = executed.nextSetBit(at + in.length());
        }
        return bound;
    }

    /** What the page holds by now; null if it is not one of memory. */
    private byte[] bytes(GuestMemory memory) {
        GuestMemory.Slot slot = memory.slot(physical);
        boolean whole = slot != null && slot.contains(physical + Source.PAGE - 1);
        return whole ? HostMemory.segment(slot.host(physical), Source.PAGE).toArray(ValueLayout.JAVA_BYTE) : null;
    }

    private final class Known implements Source {
        private final byte[] bytes;
        private final BitSet made = new BitSet(PAGE);

        Known(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public boolean executed(long rip) {
            return executed.get((int) (rip - linear));
        }

        @Override
        public boolean translated(long rip) {
            return made.get((int) (rip - linear));
        }

        @Override
        public void use(long rip, int length) {
            // whoever changes the page does not find what was made of it
        }
    }
}
