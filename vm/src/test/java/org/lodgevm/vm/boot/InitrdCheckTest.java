package org.lodgevm.vm.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class InitrdCheckTest {
    private static final byte[] CPIO = join(
            TestImages.cpio("bin/init", "#!/bin/sh\n".repeat(5000).getBytes(US_ASCII)), TestImages.cpio("TRAILER!!!", new byte[0]));
    /** "hello, world\n" a thousand times, compressed by the zstd and xz commands. */
    private static final byte[] ZSTD = hex("28b52ffd64c831ad00006868656c6c6f2c20776f726c640a0100b812f8f905748dd959");

    private static final byte[] XZ = hex("fd377a585a000004e6d6b4460200210116000000742fe5a3e032c7003f5d00341949ee8def8c6bca9559100441"
            + "fac8acaedc1b3cd79fd93e6d61d623a55115bd95cf52e3c0e18b9d1573ba9394fbb16aa7185166035dcff091c3c6f6f1000000bfd898949d6e"
            + "427a00015bc865000000c2888170b1c467fb020000000004595a");

    @Test
    void wholeArchivesPass() throws IOException {
        for (byte[] whole : new byte[][] {CPIO, join(CPIO, new byte[512], CPIO), gzip(CPIO), join(CPIO, new byte[20], gzip(CPIO)), ZSTD,
            join(ZSTD, CPIO), XZ, join(XZ, new byte[8]), lz4(100, 7), join(CPIO, lz4(100, 7), new byte[8])}) {
            assertThatCode(() -> check(whole)).doesNotThrowAnyException();
        }
    }

    @Test
    void whatIsNoArchivePasses() {
        assertThatCode(() -> check("an ext2 image, perhaps".getBytes(US_ASCII))).doesNotThrowAnyException();
    }

    @Test
    void truncatedArchivesAreRefusedWhereverTheyEnd() throws IOException {
        for (byte[] whole : new byte[][] {TestImages.cpio("a", new byte[1000]), gzip(CPIO), lz4(100, 7), XZ, join(CPIO, gzip(CPIO))}) {
            for (int cut : new int[] {1, 5, whole.length / 3}) {
                byte[] part = Arrays.copyOf(whole, Math.max(whole.length - cut - 3, 8));
                assertThatThrownBy(() -> check(part)).as("%d of %d bytes", part.length, whole.length)
                        .isInstanceOf(BootException.class).hasMessageContaining("test-initrd is truncated");
            }
        }
    }

    @Test
    void truncatedZstdFramesAreRefused() {
        for (int length = 6; length < ZSTD.length; length++) {
            byte[] part = Arrays.copyOf(ZSTD, length);
            assertThatThrownBy(() -> check(part)).isInstanceOf(BootException.class).hasMessageContaining("truncated");
        }
    }

    @Test
    void anEmptyFileIsRefused() {
        assertThatThrownBy(() -> check(new byte[0])).isInstanceOf(BootException.class).hasMessageContaining("is empty");
    }

    @Test
    void aDamagedHeaderIsRefusedWithItsPlace() {
        byte[] damaged = CPIO.clone();
        damaged[54] = '-';
        assertThatThrownBy(() -> check(damaged)).isInstanceOf(BootException.class).hasMessageContaining("damaged at offset 0x0");
    }

    private static void check(byte[] bytes) {
        InitrdCheck.check(BootFile.of("test-initrd", bytes));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /** Two blocks in the legacy frame of lz4, whose contents do not matter. */
    private static byte[] lz4(int first, int second) {
        byte[] filled = new byte[first + second];
        Arrays.fill(filled, (byte) 0x55);
        return join(hex("02214c18"), new byte[] {(byte) first, 0, 0, 0}, Arrays.copyOf(filled, first),
                new byte[] {(byte) second, 0, 0, 0}, Arrays.copyOf(filled, second));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
