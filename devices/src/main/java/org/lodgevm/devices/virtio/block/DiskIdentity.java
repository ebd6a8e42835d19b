package org.lodgevm.devices.virtio.block;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a disk presents itself.
 *
 * @param serial at most 20 ASCII characters, by which a guest tells disks apart; may be empty
 * @param blockSize in bytes, of what a guest should read and write at least: a power of two from 512 to 64 KiB
 * @param queues 1 or more; as many as the machine has CPUs is best
 * @param writeback whether what was written may be in a cache until the guest flushes it, unless the guest says otherwise
 */
public record DiskIdentity(String serial, int blockSize, int queues, boolean writeback) {
    static final int SERIAL_LENGTH = 20;
    private static final int LARGEST_BLOCK = 1 << 16;

    public DiskIdentity {
        if (serial.length() > SERIAL_LENGTH || !StandardCharsets.US_ASCII.newEncoder().canEncode(serial)) {
            throw new IllegalArgumentException(
                    "a disk's serial is at most %d ASCII characters, not \"%s\"".formatted(SERIAL_LENGTH, serial));
        }
        if (Integer.bitCount(blockSize) != 1 || blockSize < Disk.SECTOR || blockSize > LARGEST_BLOCK) {
            throw new IllegalArgumentException("a disk's block is 512 to 65536 bytes, a power of two, not " + blockSize);
        }
    }

    public DiskIdentity(String serial, int blockSize, int queues) {
        this(serial, blockSize, queues, true);
    }

    /** @virtio 5.2.6: VIRTIO_BLK_T_GET_ID */
    byte[] idBytes() {
        return Arrays.copyOf(serial.getBytes(StandardCharsets.US_ASCII), SERIAL_LENGTH);
    }
}
