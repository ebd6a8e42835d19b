package org.lodgevm.image.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.lodgevm.storage.zstd.ZstdInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The ELF file in a bzImage. Source: Linux, Documentation/arch/x86/boot.rst, "payload_offset", "payload_length".
 */
public final class Vmlinux {
    private static final int SETUP_SECTS = 0x1f1;
    private static final int MAGIC = 0x202;
    private static final int VERSION = 0x206;
    private static final int XLOADFLAGS = 0x236;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;
    private static final int HEADER_END = 0x250;

    private static final int MAGIC_VALUE = 0x5372_6448; // "HdrS"
    private static final int WITH_XLOADFLAGS = 0x20c;
    private static final int XLF_KERNEL_64 = 1;
    private static final int SECTOR = 512;
    private static final int DEFAULT_SETUP_SECTORS = 4;

    private static final int GZIP = 0x1f8b;
    private static final int XZ = 0xfd37;
    private static final int ZSTD = 0x28b5;
    private static final int LZ4 = 0x0221;
    private static final int XZ_MEMORY_KIB = 160 * 1024; // Linux, scripts/xz_wrap.sh: a dictionary of up to 128 MiB
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
    private static final int LARGEST = 512 << 20;

    private Vmlinux() {}

    /**
     * The file, not longer than 512 MiB.
     *
     * @return nothing if this is no 64-bit bzImage, or one that is compressed in a way unknown here: it can unpack itself
     * @throws IOException if it is damaged
     */
    public static Optional<byte[]> of(byte[] bzImage) throws IOException {
        ByteBuffer image = ByteBuffer.wrap(bzImage).order(ByteOrder.LITTLE_ENDIAN);
        if (image.limit() < HEADER_END || image.getInt(MAGIC) != MAGIC_VALUE || image.getShort(VERSION) < WITH_XLOADFLAGS
                || (image.getShort(XLOADFLAGS) & XLF_KERNEL_64) == 0) {
            return Optional.empty();
        }
        int sectors = image.get(SETUP_SECTS) & 0xff;
        long start = ((sectors == 0 ? DEFAULT_SETUP_SECTORS : sectors) + 1L) * SECTOR + Integer.toUnsignedLong(image.getInt(PAYLOAD_OFFSET));
        long length = Integer.toUnsignedLong(image.getInt(PAYLOAD_LENGTH));
        if (length < Integer.BYTES || start + length > bzImage.length) {
            throw new IOException("a kernel whose compressed part, %,d bytes from %,d on, lies beyond its end".formatted(length, start));
        }
        int magic = (bzImage[(int) start] & 0xff) << 8 | bzImage[(int) start + 1] & 0xff;
        // What unpacking yields is as long as the last four bytes say, which are no part of what was compressed; but gzip ends so by itself.
        InputStream payload = new ByteArrayInputStream(bzImage, (int) start, (int) length - (magic == GZIP ? 0 : Integer.BYTES));
        InputStream unpacked = switch (magic) {
            case GZIP -> new GZIPInputStream(payload);
            case XZ -> new XZInputStream(payload, XZ_MEMORY_KIB);
            case ZSTD -> new ZstdInputStream(payload);
            case LZ4 -> new Lz4LegacyInputStream(payload);
            default -> null;
        };
        if (unpacked == null) {
            return Optional.empty();
        }
        long size = Integer.toUnsignedLong(image.getInt((int) (start + length) - Integer.BYTES));
        if (size > LARGEST) {
            throw new IOException("a kernel of %,d bytes".formatted(size));
        }
        byte[] kernel = unpacked.readNBytes((int) size);
        if (kernel.length < size) {
            throw new IOException("a kernel of %,d bytes, of which %,d are there".formatted(size, kernel.length));
        }
        if (unpacked.read() >= 0) { // which also has checksums verified
            throw new IOException("a kernel of %,d bytes that does not end there".formatted(size));
        }
        return ByteBuffer.wrap(kernel).slice(0, Math.min(ELF.length, kernel.length)).equals(ByteBuffer.wrap(ELF)) ? Optional.of(kernel) : Optional.empty();
    }
}
