package org.lodgevm.machine;

import java.util.List;

/**
 * Registers of a device, as the bus reaches them: a range of ports or of physical addresses.
 *
 * <p>An access is 1, 2, 4 or 8 bytes (ports: at most 4). The bus passes accesses as the guest made them; a device that
 * has byte registers only splits wider ones with {@link #bytewise}. Methods are called from any vCPU's thread: a device
 * guards itself.
 */
public interface IoRegion {
    /**
     * @param offset from the region's start, in bytes
     * @param size of the access, in bytes
     * @return the value, zero-extended; an undecoded register reads as all ones
     */
    long read(long offset, int size);

    /** Upper bits of {@code value} beyond {@code size} bytes are zero. */
    void write(long offset, int size, long value);

    /** Those of its registers that are doorbells, always the same ones. */
    default List<Doorbell> doorbells() {
        return List.of();
    }

    /** A view of byte-wide registers through which wider accesses become consecutive byte accesses. */
    static IoRegion bytewise(IoRegion bytes) {
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                long value = 0;
                for (int i = 0; i < size; i++) {
                    value |= (bytes.read(offset + i, 1) & 0xff) << (8 * i);
                }
                return value;
            }

            @Override
            public void write(long offset, int size, long value) {
                for (int i = 0; i < size; i++) {
                    bytes.write(offset + i, 1, value >>> (8 * i) & 0xff);
                }
            }
        };
    }
}
