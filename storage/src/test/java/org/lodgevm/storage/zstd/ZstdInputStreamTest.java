package org.lodgevm.storage.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.storage.Damage;

class ZstdInputStreamTest {
    @TempDir
    private Path folder;

    @Test
    void rawAndRepeatedBlocksAreUnpacked() throws IOException {
        assertThat(unpack("28b52ffd 20 05 290000 68656c6c6f")).asString().isEqualTo("hello");
        assertThat(unpack("28b52ffd 20 05 2b0000 61")).asString().isEqualTo("aaaaa");
        assertThat(unpack("28b52ffd 00 00 2a0000 61 290000 68656c6c6f")).asString().isEqualTo("aaaaahello");
        assertThat(unpack("28b52ffd 20 00 010000")).isEmpty();
    }

    @Test
    void framesFollowEachOtherAndSomeAreToBeSkipped() throws IOException {
        String hello = "28b52ffd 20 05 290000 68656c6c6f";
        assertThat(unpack("502a4d18 03000000 ffffff" + hello + "5f2a4d18 00000000" + hello + "28b52ffd 20 00 010000"))
                .asString()
                .isEqualTo("hellohello");
    }

    @Test
    void theChecksumIsThatOfXxHash() {
        assertThat(hash("")).isEqualTo(0xef46_db37_51d8_e999L);
        assertThat(hash("a")).isEqualTo(0xd24e_c4f1_a98c_6e5bL);
        assertThat(hash("abc")).isEqualTo(0x44bc_2cf5_ad77_0999L);
        assertThat(hash("Nobody inspects the spammish repetition")).isEqualTo(0xfbce_a83c_8a37_8bf1L);
    }

    /** zstd decides: every level has strategies, tables and window sizes of its own. */
    @ParameterizedTest
    @ValueSource(ints = {-5, 1, 3, 6, 9, 13, 16, 19, 22})
    void whatZstdPacksIsUnpacked(int level) throws Exception {
        for (byte[] content : samples()) {
            assertThat(unpack(pack(content, level < 0 ? "--fast=" + -level : "-" + level)))
                    .as("%d bytes", content.length)
                    .isEqualTo(content);
        }
    }

    @Test
    void aWindowIsMovedAsOftenAsItMustBe() throws Exception {
        byte[] content = text(3_000_000, 4);
        assertThat(unpack(pack(content, "-3", "--zstd=wlog=10"))).isEqualTo(content);
        assertThat(unpack(pack(content, "-19", "--zstd=wlog=17"))).isEqualTo(content);
        byte[] large = text(40_000_000, 5);
        assertThat(unpack(pack(large, "-1", "--zstd=wlog=21"))).isEqualTo(large);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "28b52f", "00000000", "28b52ffd", "28b52ffd 20 05 290000 6865", "28b52ffd 20 05 2f0000 61",
                "28b52ffd 28 05 290000 68656c6c6f", "28b52ffd 21 07 05 290000 68656c6c6f",
                "28b52ffd 20 06 290000 68656c6c6f", "28b52ffd 24 05 290000 68656c6c6f 00000000",
                "28b52ffd 00 ff 290000 68656c6c6f", "28b52ffd 20 05 fdffff", "502a4d18 ffffffff 00",
                "28b52ffd 20 05 250000 0000"
            })
    void whatIsMalformedIsRefused(String hex) {
        assertThatThrownBy(() -> unpack(hex)).isInstanceOf(IOException.class);
    }

    @Test
    void noDamageCausesAnythingButAnError() throws Exception {
        byte[] content = text(20_000, 6);
        Damage.inflict(2_000, damaged -> {
            try {
                unpack(damaged);
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }, pack(content, "-1"), pack(content, "-19"), pack(text(300, 7), "-19"));
    }

    private static List<byte[]> samples() {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        byte[] mixed = text(600_000, 2);
        System.arraycopy(noise, 0, mixed, 200_000, 200_000);
        return List.of(
                new byte[0], new byte[] {7}, new byte[1_000_000], noise, mixed, text(10, 3), text(100, 3), text(1000, 3),
                text(100_000, 3), text(2_000_000, 3));
    }

    /** Words by chance: some literals, matches near and far, and the same offset again and again. */
    private static byte[] text(int length, int seed) {
        Random random = new Random(seed);
        String[] words = new String[500];
        for (int i = 0; i < words.length; i++) {
            words[i] = Integer.toString(random.nextInt(1 << 1 + random.nextInt(30)), 36) + " ";
        }
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(words[Math.min(random.nextInt(words.length), random.nextInt(words.length))]);
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] pack(byte[] content, String... options) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zstd")), "needs zstd");
        Path plain = Files.write(folder.resolve("plain"), content);
        Path packed = folder.resolve("packed");
        List<String> command = new ArrayList<>(List.of("/usr/bin/zstd", "-q", "-f", "--ultra"));
        command.addAll(List.of(options));
        command.addAll(List.of(plain.toString(), "-o", packed.toString()));
        Process zstd = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(zstd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(zstd.waitFor()).as(said).isZero();
        return Files.readAllBytes(packed);
    }

    private static byte[] unpack(String hex) throws IOException {
        return unpack(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static byte[] unpack(byte[] packed) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
            in.transferTo(content);
        }
        return content.toByteArray();
    }

    private static long hash(String text) {
        XxHash64 hash = new XxHash64();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length; i += 10) {
            hash.update(bytes, i, Math.min(10, bytes.length - i));
        }
        return hash.value();
    }
}
