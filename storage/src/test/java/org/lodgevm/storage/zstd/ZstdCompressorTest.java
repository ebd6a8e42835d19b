package org.lodgevm.storage.zstd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Qemu;

class ZstdCompressorTest {
    @TempDir
    private Path folder;

    /** Of every kind that makes a difference: nothing, noise, runs, text, few and many symbols, more than a block. */
    private static List<byte[]> contents() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        Random random = new Random(5);
        for (int length : new int[] {0, 1, 3, 4, 63, 64, 255, 256, 1023, 1024, 16383, 16384, 131071, 131072, 131073, 400_000}) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            contents.add(noise);
            contents.add(new byte[length]);
            contents.add(skewed(length, 2 + random.nextInt(254), random));
            contents.add(skewed(length, 3, random));
            contents.add(repetitive(length, random));
        }
        contents.add(Files.readAllBytes(Path.of(System.getProperty("java.home"), "release")));
        contents.add(classes());
        return contents;
    }

    private static byte[] skewed(int length, int symbols, Random random) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            double x = random.nextDouble();
            content[i] = (byte) (x * x * x * symbols);
        }
        return content;
    }

    private static byte[] repetitive(int length, Random random) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = i > 600 && random.nextInt(40) != 0 ? content[i - 1 - random.nextInt(2) * 577] : (byte) random.nextInt();
        }
        return content;
    }

    private static byte[] classes() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : new String[] {"String", "Class", "Thread", "Integer", "Character", "Math", "System"}) {
            all.writeBytes(Object.class.getResourceAsStream("/java/lang/" + name + ".class").readAllBytes());
        }
        return all.toByteArray();
    }

    @Test
    void whatIsCompressedIsUnpackedAgain() throws IOException {
        for (byte[] content : contents()) {
            byte[] packed = ZstdCompressor.compress(content);
            assertThat(new ZstdInputStream(new ByteArrayInputStream(packed)).readAllBytes()).isEqualTo(content);
            assertThat(packed.length).isLessThanOrEqualTo(content.length + 9 + 3 * (content.length / BlockDecoder.LARGEST_BLOCK + 1));
        }
    }

    @Test
    void zstdUnpacksIt() throws IOException {
        int number = 0;
        for (byte[] content : contents()) {
            Path packed = Files.write(folder.resolve("content" + number++ + ".zst"), ZstdCompressor.compress(content));
            Qemu.Answer answer = Qemu.run("zstd", "-d", "-q", "-f", packed.toString());
            assertThat(answer.status()).as(answer.text()).isZero();
            assertThat(Files.readAllBytes(Path.of(packed.toString().replace(".zst", "")))).isEqualTo(content);
        }
    }

    @Test
    void whatRepeatsItselfBecomesSmall() throws IOException {
        assertThat(ZstdCompressor.compress(new byte[1 << 16])).hasSizeLessThan(40);
        assertThat(ZstdCompressor.compress("All work and no play. ".repeat(1000).getBytes(UTF_8))).hasSizeLessThan(100);
        byte[] classes = classes();
        assertThat(ZstdCompressor.compress(classes).length).isLessThan(classes.length * 6 / 10);
    }
}
