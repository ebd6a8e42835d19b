package org.lodgevm.devices.chipset.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IoRegion;

/**
 * The address register by which a guest has items copied: it points to a descriptor in memory that says what to do. Register and
 * descriptor are big-endian. A transfer is complete when the write that starts it returns.
 */
public final class FwCfgDma implements IoRegion {
    public static final int SIZE = 8;

    static final class State {
        /** Upper half of the next descriptor's address. */
        int addressHigh;
    }

    private static final int ADDRESS_HIGH = 0;
    private static final int ADDRESS_LOW = 4;

    /** The descriptor: control, length, address. */
    private static final class Descriptor {
        static final int SIZE = 16;
        static final int CONTROL = 0;
        static final int LENGTH = 4;
        static final int ADDRESS = 8;

        static final int ERROR = 1;
        static final int READ = 1 << 1;
        static final int SKIP = 1 << 2;
        static final int SELECT = 1 << 3;
        static final int WRITE = 1 << 4;
        static final int SELECTOR_SHIFT = 16;
    }

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** What the register reads as. */
    private static final byte[] SIGNATURE = "QEMU CFG".getBytes(US_ASCII);

    private static final Runnable NOTHING = () -> {};

    final State state = new State();
    private final FwCfg items;
    private final GuestMemory memory;

    public FwCfgDma(FwCfg items, GuestMemory memory) {
        this.items = items;
        this.memory = memory;
    }

    public synchronized void reset() {
        state.addressHigh = 0;
    }

    @Override
    public long read(long offset, int size) {
        long value = 0;
        for (int i = 0; i < size && offset + i < SIZE; i++) {
            value |= (long) SIGNATURE[(int) offset + i] << 8 * i;
        }
        return value;
    }

    @Override
    public void write(long offset, int size, long value) {
        if (size != Integer.BYTES) {
            return;
        }
        int half = Integer.reverseBytes((int) value);
        Runnable written = NOTHING;
        synchronized (this) {
            if (offset == ADDRESS_HIGH) {
                state.addressHigh = half;
            } else if (offset == ADDRESS_LOW) {
                written = execute((long) state.addressHigh << 32 | half & 0xffff_ffffL);
                state.addressHigh = 0;
            }
        }
        written.run();
    }

    /** A descriptor outside RAM has no place for an error, either. */
    private Runnable execute(long gpa) {
        if (ram(gpa, Descriptor.SIZE, true) < Descriptor.SIZE) {
            return NOTHING;
        }
        MemorySegment descriptor = memory.at(gpa, Descriptor.SIZE);
        Runnable written = transfer(
                descriptor.get(INT, Descriptor.CONTROL),
                descriptor.get(INT, Descriptor.LENGTH) & 0xffff_ffffL,
                descriptor.get(LONG, Descriptor.ADDRESS));
        memory.change(gpa, Descriptor.SIZE, d -> d.set(INT, Descriptor.CONTROL, written == null ? Descriptor.ERROR : 0));
        return written == null ? NOTHING : written;
    }

    /** @return what is to run afterwards, or null after an error */
    private Runnable transfer(int control, long length, long gpa) {
        if ((control & Descriptor.SELECT) != 0) {
            items.select(control >>> Descriptor.SELECTOR_SHIFT);
        }
        if ((control & Descriptor.READ) != 0) {
            return eachPart(gpa, length, true, items::read) ? NOTHING : null;
        } else if ((control & Descriptor.WRITE) != 0) {
            return overwrite(gpa, length);
        } else if ((control & Descriptor.SKIP) != 0) {
            items.skip(length);
        }
        return NOTHING;
    }

    private Runnable overwrite(long gpa, long length) {
        if (!items.takes(length)) {
            return null;
        }
        byte[] bytes = new byte[(int) length];
        MemorySegment all = MemorySegment.ofArray(bytes);
        long[] filled = {0};
        boolean complete = eachPart(gpa, length, false, part -> {
            all.asSlice(filled[0]).copyFrom(part);
            filled[0] += part.byteSize();
        });
        return complete ? items.write(bytes) : null;
    }

    /** Walks over guest memory, which may consist of several slots. @return false if part of the range is none */
    private boolean eachPart(long gpa, long length, boolean writing, Consumer<MemorySegment> action) {
        long done = 0;
        while (done < length) {
            long part = ram(gpa + done, length - done, writing);
            if (part == 0) {
                return false;
            } else if (writing) {
                memory.change(gpa + done, part, action::accept);
            } else {
                action.accept(memory.at(gpa + done, part));
            }
            done += part;
        }
        return true;
    }

    /** Bytes of memory from an address to the end of the range or of the slot. */
    private long ram(long gpa, long length, boolean writing) {
        GuestMemory.Slot slot = memory.slot(gpa);
        if (slot == null || writing && slot.readOnly()) {
            return 0;
        }
        return Math.min(length, slot.size() - (gpa - slot.gpa()));
    }
}
