package org.lodgevm.x86.asm;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Bytes being laid out at consecutive addresses, and the labels among them. */
final class CodeBuffer {
    private static final int INITIAL_BYTES = 256;

    private final long origin;
    private final Set<Label> unbound = new LinkedHashSet<>();
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    CodeBuffer(long origin) {
        this.origin = origin;
    }

    long here() {
        return origin + size;
    }

    int size() {
        return size;
    }

    /** Appends the low {@code count} bytes of {@code value}, lowest first. */
    void append(long value, int count) {
        append(count);
        put(size - count, value, count);
    }

    void append(byte[] data) {
        append(data.length);
        System.arraycopy(data, 0, bytes, size - data.length, data.length);
    }

    void fill(int value, long count) {
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new AssemblyException(
                    "cannot fill " + count + " bytes at " + Long.toHexString(here()));
        }
        append((int) count);
        Arrays.fill(bytes, size - (int) count, size, (byte) value);
    }

    private void append(int count) {
        int end = Math.addExact(size, count);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        size = end;
    }

    private void put(int offset, long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes[offset + i] = (byte) (value >> 8 * i);
        }
    }

    /** Appends a field for the label's address plus {@code addend}. */
    void absolute(Label label, long addend, int count) {
        use(label, new Label.Fixup(size, count, -addend, false));
    }

    /**
     * Appends a field for the distance to the label plus {@code addend}, from the end of the
     * instruction, {@code tail} bytes after the field.
     */
    void relative(Label label, long addend, int count, int tail) {
        use(label, new Label.Fixup(size, count, here() + count + tail - addend, true));
    }

    private void use(Label label, Label.Fixup field) {
        append(0, field.bytes());
        if (label.isBound()) {
            patch(field, label);
        } else {
            label.await(field);
            unbound.add(label);
        }
    }

    void patch(Label.Fixup field, Label label) {
        long value = label.address() - field.base();
        int bits = 8 * field.bytes();
        boolean wraps = field.relative() && bits == 16;
        if (!wraps
                && !(field.relative()
                        ? Values.fitsSigned(value, bits)
                        : Values.fits(value, bits))) {
            throw new AssemblyException(
                    "label " + label + " is out of reach: " + value + " in " + bits + " bits");
        }
        put(field.offset(), value, field.bytes());
    }

    void bind(Label label) {
        label.bind(here(), this);
        unbound.remove(label);
    }

    byte[] toBytes() {
        if (!unbound.isEmpty()) {
            throw new AssemblyException("labels used but never bound: " + unbound);
        }
        return Arrays.copyOf(bytes, size);
    }
}
