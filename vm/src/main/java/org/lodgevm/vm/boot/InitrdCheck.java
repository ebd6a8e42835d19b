package org.lodgevm.vm.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * Tells whether an initial RAM disk is all there, before a kernel trips over it: a sequence of cpio archives, plain or compressed.
 *
 * <p>Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst. What it does not recognise, an old file
 * system image for instance, it lets pass. Of compressed parts only gzip's is expanded; for the others their framing suffices.
 */
final class InitrdCheck {
    private static final int CPIO_HEADER = 110;
    private static final int CPIO_FILESIZE = 54;
    private static final int CPIO_NAMESIZE = 94;
    private static final int CPIO_FIELD = 8;
    private static final String CPIO_MAGIC = "07070[12]";
    private static final int CPIO_MAGIC_SIZE = 6;

    private static final int ZSTD = 0xfd2f_b528;
    private static final int LZ4_LEGACY = 0x184c_2102;
    private static final int XZ = 0x587a_37fd;
    private static final String XZ_FOOTER_MAGIC = "YZ";
    private static final int LZ4_LARGEST_BLOCK = (8 << 20) + (8 << 20) / 255 + 16;

    private final BootFile file;
    private final FileCursor cursor;

    private InitrdCheck(BootFile file) {
        this.file = file;
        this.cursor = new FileCursor(file, "the initial RAM disk " + file.name());
    }

    /** @throws BootException when the file is empty, ends too early or is damaged */
    static void check(BootFile file) {
        if (file.size() == 0) {
            throw new BootException("the initial RAM disk %s is empty; fetch or build it again".formatted(file.name()));
        }
        new InitrdCheck(file).parts();
    }

    private void parts() {
        cursor.skipZeros();
        while (cursor.left() >= CPIO_MAGIC_SIZE && part()) {
            cursor.skipZeros();
        }
    }

    /** @return false when nothing more can be told */
    private boolean part() {
        byte[] magic = cursor.peek(CPIO_MAGIC_SIZE);
        int number = FileCursor.u32(magic, 0);
        if (new String(magic, US_ASCII).matches(CPIO_MAGIC)) {
            cpioEntry();
            return true;
        } else if (Gzip.matches(magic)) {
            gzip();
        } else if (number == ZSTD) {
            zstdFrame();
            return true;
        } else if (number == LZ4_LEGACY) {
            lz4Blocks();
        } else if (number == XZ) {
            xzFooter();
        }
        return false;
    }

    private void cpioEntry() {
        long start = cursor.position();
        String header = new String(cursor.bytes(CPIO_HEADER), US_ASCII);
        cursor.skip(padded(start + CPIO_HEADER + field(header, CPIO_NAMESIZE, start)) - cursor.position());
        cursor.skip(field(header, CPIO_FILESIZE, start));
        cursor.skip(Math.min(cursor.left(), padded(cursor.position()) - cursor.position()));
    }

    private static long padded(long position) {
        return position + 3 & -4L;
    }

    private long field(String header, int offset, long start) {
        try {
            return HexFormat.fromHexDigitsToLong(header, offset, offset + CPIO_FIELD);
        } catch (IllegalArgumentException e) {
            throw new BootException("the initial RAM disk %s is damaged at offset 0x%x, in a cpio header; fetch or build it again".formatted(
                    file.name(), start), e);
        }
    }

    private void gzip() {
        byte[] sink = new byte[1 << 16];
        try (InputStream raw = file.stream()) {
            raw.skipNBytes(cursor.position());
            InputStream in = new GZIPInputStream(raw, sink.length);
            while (in.read(sink) >= 0) {
                continue;
            }
        } catch (EOFException e) {
            throw cursor.truncated();
        } catch (IOException e) {
            throw new BootException("the initial RAM disk %s is damaged (%s); fetch or build it again".formatted(
                    file.name(), e.getMessage()), e);
        }
    }

    /** @rfc 8878 3.1.1 */
    private void zstdFrame() {
        cursor.skip(4);
        int descriptor = cursor.u8();
        boolean singleSegment = (descriptor & 0x20) != 0;
        int sizeFlag = descriptor >> 6;
        int window = singleSegment ? 0 : 1;
        int dictionary = (1 << (descriptor & 3)) >> 1;
        int contentSize = sizeFlag == 0 ? 1 - window : 1 << sizeFlag;
        cursor.skip(window + dictionary + contentSize);
        boolean last;
        do {
            byte[] b = cursor.bytes(3);
            int block = b[0] & 0xff | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16;
            last = (block & 1) != 0;
            boolean repeated = (block >> 1 & 3) == 1;
            cursor.skip(repeated ? 1 : block >> 3);
        } while (!last);
        cursor.skip((descriptor & 4) != 0 ? 4 : 0);
    }

    /** Blocks, each after its size; what is too large for one belongs to what follows. */
    private void lz4Blocks() {
        cursor.skip(4);
        while (cursor.left() >= 4) {
            long size = Integer.toUnsignedLong(FileCursor.u32(cursor.bytes(4), 0));
            if (size > LZ4_LARGEST_BLOCK) {
                return;
            }
            cursor.skip(size);
        }
        cursor.skipZeros();
        if (cursor.left() > 0) {
            throw cursor.truncated();
        }
    }

    /** A stream ends with two letters, perhaps with zeros behind them. Source: The .xz File Format 1.2, 2.1.2. */
    private void xzFooter() {
        long end = cursor.lastNonZero() + 1;
        if (!new String(file.read(end - 2, 2), US_ASCII).equals(XZ_FOOTER_MAGIC)) {
            throw cursor.truncated();
        }
    }
}
