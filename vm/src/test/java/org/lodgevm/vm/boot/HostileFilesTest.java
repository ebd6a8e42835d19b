package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Damaged kernels and RAM disks of every kind: what does not load fails with a sentence, and with nothing else. */
class HostileFilesTest {
    private static final int ROUNDS = 4000;
    private static final long[] SPECIAL = {0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, Long.MIN_VALUE, -1,
        0x9_fc00, 0xe_0000, 0xfff_ffffL, 0x10_0000, 1L << 40};

    /** {@code -Dlodge.fuzz.seed=N} for other damage than the last time. */
    private final Random random = new Random(Long.getLong("lodge.fuzz.seed", 20250101));
    private int loaded;
    private int refused;

    @Test
    void linuxKernels() {
        damage(TestImages.bzImage(0x2000, true).array(), 0x1f1, 0x268);
        damage(TestImages.bzImage(0x2000, false).array(), 0x1f1, 0x268);
        assertBothHappened();
    }

    @Test
    void elfKernels() {
        for (boolean wide : new boolean[] {false, true}) {
            byte[] elf = TestImages.elf(wide, new byte[500], TestImages.pvhNote(0x20_0000, wide ? 8 : 4));
            damage(elf, 0, 64 + 2 * 56);
            damage(elf, elf.length - 44, elf.length);
        }
        assertBothHappened();
    }

    @Test
    void multibootKernels() {
        ByteBuffer flat = ByteBuffer.allocate(300).order(ByteOrder.LITTLE_ENDIAN).put(0, TestImages.multibootHeader(0x1_0003));
        flat.putInt(12, 0x10_0000).putInt(16, 0x10_0000).putInt(20, 0x10_0100).putInt(24, 0x10_1000).putInt(28, 0x10_0020);
        damage(flat.array(), 12, 32);
        assertBothHappened();
    }

    @Test
    void compressedKernels() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(TestImages.bzImage(0x2000, true).array());
        }
        damage(packed.toByteArray(), 0, packed.size());
        assertThat(refused).isPositive();
    }

    @Test
    void initialRamDisks() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(TestImages.cpio("a/file", new byte[300]));
        int plain = packed.size();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(TestImages.cpio("TRAILER!!!", new byte[0]));
        }
        byte[] kernel = TestImages.bzImage(0x2000, true).array();
        try (Rig rig = new Rig(32)) {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] initrd = packed.toByteArray();
                change(initrd, 0, i % 2 == 0 ? plain : initrd.length);
                tryToLoad(rig, kernel, Rig.module("initrd", initrd));
            }
        }
        assertBothHappened();
    }

    @Test
    void noise() {
        try (Rig rig = new Rig(16)) {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] bytes = new byte[random.nextInt(10_000)];
                random.nextBytes(bytes);
                tryToLoad(rig, bytes);
            }
        }
        assertThat(refused).isEqualTo(ROUNDS);
    }

    /** Changes a few bytes between two offsets, cuts the end off now and then, and tries to load what results. */
    private void damage(byte[] image, int from, int to) {
        try (Rig rig = new Rig(32)) {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] changed = image.clone();
                change(changed, from, to);
                if (i % 16 == 0) {
                    changed = Arrays.copyOf(changed, random.nextInt(changed.length));
                }
                tryToLoad(rig, changed);
            }
        }
    }

    private void change(byte[] bytes, int from, int to) {
        for (int n = random.nextInt(3); n >= 0; n--) {
            int at = from + random.nextInt(to - from);
            long value = random.nextBoolean() ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextLong();
            byte[] encoded = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
            System.arraycopy(encoded, 0, bytes, at, Math.min(1 << random.nextInt(4), to - at));
        }
    }

    private void tryToLoad(Rig rig, byte[] kernel, BootModule... modules) {
        try {
            rig.load(kernel, "quiet", modules);
            loaded++;
        } catch (BootException e) {
            assertThat(e.getMessage()).doesNotContain("null").hasSizeBetween(20, 300);
            refused++;
        } catch (RuntimeException | Error e) {
            byte[] shown = Arrays.copyOf(kernel, Math.min(kernel.length, 0x300));
            fail("loading threw " + e + " for " + HexFormat.of().formatHex(shown), e);
        }
    }

    private void assertBothHappened() {
        assertThat(loaded).as("loaded all the same").isPositive();
        assertThat(refused).as("refused").isPositive();
    }
}
