package org.lodgevm.storage.vhd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;

/**
 * What is at the end of each image, and in a dynamic one at the beginning as well.
 *
 * @vhd "Hard Disk Footer Format"
 */
record VhdFooter(ByteBuffer bytes) {
    static final int LENGTH = 512;
    static final int FIXED = 2;
    static final int DYNAMIC = 3;
    static final byte[] COOKIE = "conectix".getBytes(US_ASCII);

    private static final int AT_FEATURES = 8;
    private static final int AT_VERSION = 12;
    private static final int AT_DATA_OFFSET = 16;
    private static final int AT_TIMESTAMP = 24;
    private static final int AT_CREATOR = 28;
    private static final int AT_CREATOR_HOST = 36;
    private static final int AT_ORIGINAL_SIZE = 40;
    private static final int AT_CURRENT_SIZE = 48;
    private static final int AT_CYLINDERS = 56;
    private static final int AT_HEADS = 58;
    private static final int AT_SECTORS = 59;
    private static final int AT_TYPE = 60;
    private static final int AT_CHECKSUM = 64;
    private static final int AT_UUID = 68;

    private static final int RESERVED_FEATURE = 2;
    private static final int VERSION_1 = 0x0001_0000;
    private static final long NO_OFFSET = -1;
    private static final long EPOCH_2000 = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final int SECTOR = 512;

    /** A geometry that says nothing but that it is too small. */
    private static final int MOST_CYLINDERS = 65535;
    private static final int MOST_HEADS = 16;
    private static final int MOST_SECTORS = 255;

    /** Who keeps the exact size in the footer; of others the geometry counts, as Virtual PC has it. @qemu block/vpc.c */
    private static final String EXACT = "win |qem2|d2v |tap\0|CTXS";

    static VhdFooter of(long size, int type) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        bytes.put(0, COOKIE).putInt(AT_FEATURES, RESERVED_FEATURE).putInt(AT_VERSION, VERSION_1);
        bytes.putLong(AT_DATA_OFFSET, type == FIXED ? NO_OFFSET : LENGTH);
        bytes.putInt(AT_TIMESTAMP, (int) (Instant.now().getEpochSecond() - EPOCH_2000));
        bytes.put(AT_CREATOR, "lodg".getBytes(US_ASCII)).put(AT_CREATOR_HOST, "Wi2k".getBytes(US_ASCII));
        bytes.putLong(AT_ORIGINAL_SIZE, size).putLong(AT_CURRENT_SIZE, size);
        // No geometry is exact for most sizes, and a wrong one would be believed.
        bytes.putShort(AT_CYLINDERS, (short) MOST_CYLINDERS).put(AT_HEADS, (byte) MOST_HEADS).put(AT_SECTORS, (byte) MOST_SECTORS);
        bytes.putInt(AT_TYPE, type);
        UUID uuid = UUID.randomUUID();
        bytes.putLong(AT_UUID, uuid.getMostSignificantBits()).putLong(AT_UUID + Long.BYTES, uuid.getLeastSignificantBits());
        bytes.putInt(AT_CHECKSUM, checksum(bytes, LENGTH, AT_CHECKSUM));
        return new VhdFooter(bytes);
    }

    /** Reads and checks. */
    static VhdFooter read(ByteStore store, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        store.read(offset, bytes);
        VhdFooter footer = new VhdFooter(bytes.clear());
        if (!footer.isOne()) {
            throw new CorruptImageException(store.name(), offset, "there is no footer of a VHD");
        }
        if (checksum(bytes, LENGTH, AT_CHECKSUM) != bytes.getInt(AT_CHECKSUM)) {
            throw new CorruptImageException(store.name(), offset, "the footer's checksum is wrong");
        }
        return footer;
    }

    boolean isOne() {
        return bytes.slice(0, COOKIE.length).equals(ByteBuffer.wrap(COOKIE));
    }

    /** The complement of the sum of all bytes but the checksum's own. */
    static int checksum(ByteBuffer bytes, int length, int checksumAt) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += i >= checksumAt && i < checksumAt + Integer.BYTES ? 0 : bytes.get(i) & 0xff;
        }
        return ~sum;
    }

    int type() {
        return bytes.getInt(AT_TYPE);
    }

    long headerOffset() {
        return bytes.getLong(AT_DATA_OFFSET);
    }

    long size() {
        long cylinders = bytes.getShort(AT_CYLINDERS) & 0xffff;
        int heads = bytes.get(AT_HEADS) & 0xff;
        int sectors = bytes.get(AT_SECTORS) & 0xff;
        byte[] creator = new byte[4];
        bytes.get(AT_CREATOR, creator);
        boolean unlimited = cylinders == MOST_CYLINDERS && heads == MOST_HEADS && sectors == MOST_SECTORS;
        boolean exact = unlimited || new String(creator, US_ASCII).matches(EXACT);
        return exact ? bytes.getLong(AT_CURRENT_SIZE) : cylinders * heads * sectors * SECTOR;
    }
}
