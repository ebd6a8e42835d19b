package org.lodgevm.x86.interpret;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.translate.Context;
import org.lodgevm.x86.translate.Source;
import org.lodgevm.x86.translate.Translator;

/**
 * What a guest executes in one page of 64-bit code: enough for another process, which has the guest's memory and is to go on with it, to translate that before
 * it does. It is a hint: what the page holds by then decides what is made of it, and whether that is ever found.
 *
 * @param linear address of the page, and what rIP is there
 * @param executed offsets at which runs of instructions begin
 * @param entries those of them at which translations begin
 */
record HotPage(long physical, long linear, int context, BitSet executed, BitSet entries) {
    /** Of all that is told of a machine. */
    private static final int MOST_BYTES = 1 << 20;
    private static final int HEADER = 2 * Long.BYTES + Integer.BYTES + Short.BYTES;
    /** With an offset: a translation begins there. */
    private static final int ENTRY = 1 << 15;

    HotPage(long physical, long linear, int context) {
        this(physical, linear, context, new BitSet(Source.PAGE), new BitSet(Source.PAGE));
    }

    private int bytes() {
        return HEADER + Short.BYTES * executed.cardinality();
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
        out.putLong(physical).putLong(linear).putInt(context).putShort((short) executed.cardinality());
        executed.stream().forEach(offset -> out.putShort((short) (entries.get(offset) ? offset | ENTRY : offset)));
    }

    /** Of somebody else's data as much as makes sense. */
    static List<HotPage> decode(byte[] encoded) {
        List<HotPage> pages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(encoded);
        while (in.remaining() >= HEADER) {
            HotPage page = new HotPage(in.getLong() & -Source.PAGE, in.getLong() & -Source.PAGE, in.getInt());
            for (int left = Math.min(in.getShort() & 0xffff, in.remaining() / Short.BYTES); left > 0; left--) {
                int offset = in.getShort();
                page.executed.set(offset & Source.PAGE - 1);
                page.entries.set(offset & Source.PAGE - 1, (offset & ENTRY) != 0);
            }
            pages.add(page);
        }
        return pages;
    }

    /** Translates into the archive what is not there yet. @param wanted asked before each translation whether to go on */
    void translate(GuestMemory memory, Translator translator, BooleanSupplier wanted) {
        GuestMemory.Slot slot = memory.slot(physical);
        Context translated = Cpu.context64(context);
        if (slot == null || !slot.contains(physical + Source.PAGE - 1) || translated == null) {
            return;
        }
        byte[] bytes = HostMemory.segment(slot.host(physical), Source.PAGE).toArray(ValueLayout.JAVA_BYTE);
        Known source = new Known(bytes);
        for (int offset = entries.nextSetBit(0); offset >= 0 && wanted.getAsBoolean(); offset = entries.nextSetBit(offset + 1)) {
            long rip = linear + offset;
            if (translator.has(rip, context, slot.host(physical)) || translator.record(source, rip, physical, translated) != null) {
                source.made.set(offset);
            }
        }
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
