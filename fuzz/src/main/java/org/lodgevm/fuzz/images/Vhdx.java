package org.lodgevm.fuzz.images;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** What is guarded by checksums in a VHDX: headers, region tables, entries of the log. @vhdx 2.2, 2.3 */
final class Vhdx {
    private static final int CHECKSUM = 4;
    private static final int[] HEADERS = {64 << 10, 128 << 10};
    private static final int HEADER = 4096;
    private static final int[] REGION_TABLES = {192 << 10, 256 << 10};
    private static final int REGION_TABLE = 64 << 10;
    private static final int LOG = 1 << 20;
    private static final int SECTOR = 4096;
    private static final int LOG_GUID = 48;
    /** With which an entry of the log begins. */
    private static final int ENTRY = 'l' | 'o' << 8 | 'g' << 16 | 'e' << 24;

    private Vhdx() {}

    private static ByteBuffer view(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes all checksums right that guard something. */
    static void seal(byte[] file) {
        for (int at : HEADERS) {
            seal(file, at, HEADER);
        }
        for (int at : REGION_TABLES) {
            seal(file, at, REGION_TABLE);
        }
        ByteBuffer bytes = view(file);
        for (int at = LOG; at + SECTOR <= Math.min(2 * LOG, file.length); at += SECTOR) {
            if (bytes.getInt(at) == ENTRY) {
                int length = bytes.getInt(at + 8);
                seal(file, at, length >= SECTOR && length <= 2 * LOG - at ? length : SECTOR);
            }
        }
    }

    private static void seal(byte[] file, int at, int length) {
        if (at + length <= file.length) {
            ByteBuffer bytes = view(file).putInt(at + CHECKSUM, 0);
            CRC32C crc = new CRC32C();
            crc.update(file, at, length);
            bytes.putInt(at + CHECKSUM, (int) crc.getValue());
        }
    }

    /** The same with two entries in its log: one that writes a sector into a block, and one that makes another zero. */
    static byte[] withLog(byte[] sound) {
        byte[] file = sound.clone();
        ByteBuffer bytes = view(file);
        for (int header : HEADERS) {
            bytes.putLong(header + LOG_GUID, 1).putLong(header + LOG_GUID + 8, 2);
        }
        int end = sound.length - SECTOR;
        entry(bytes.slice(LOG + 2 * SECTOR, 2 * SECTOR).order(ByteOrder.LITTLE_ENDIAN), 7, "desc", end, sound.length);
        entry(bytes.slice(LOG + 4 * SECTOR, SECTOR).order(ByteOrder.LITTLE_ENDIAN), 8, "zero", end, sound.length);
        seal(file);
        return file;
    }

    private static void entry(ByteBuffer entry, long sequence, String kind, long place, long fileSize) {
        boolean data = kind.equals("desc");
        entry.putInt(0, ENTRY).putInt(8, entry.capacity()).putInt(12, 2 * SECTOR).putLong(16, sequence).putInt(24, 1);
        entry.putLong(32, 1).putLong(40, 2).putLong(48, fileSize).putLong(56, fileSize);
        entry.put(64, kind.getBytes(US_ASCII)).putLong(72, data ? 0 : SECTOR).putLong(80, place).putLong(88, sequence);
        if (data) {
            entry.put(SECTOR, "data".getBytes(US_ASCII)).putInt(SECTOR + 4, 0).putInt(2 * SECTOR - 4, (int) sequence);
        }
    }
}
