package org.lodgevm.image.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.Damage;

/** What the tool lz4 packs is unpacked; blocks made by hand show what it never makes. */
@Timeout(60)
class Lz4LegacyInputStreamTest {
    private static final int BLOCK = 8 << 20;
    private static final String MAGIC = "02214c18";

    @TempDir
    private Path folder;

    private static byte[] unpack(byte[] packed) throws IOException {
        try (Lz4LegacyInputStream in = new Lz4LegacyInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    /** A file of one block. */
    private static byte[] unpackBlock(String hex) throws IOException {
        return unpack(HexFormat.of().parseHex(MAGIC + "%02x000000".formatted(hex.length() / 2) + hex));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 13, 64 << 10, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 12_345})
    void whatTheToolPacksIsUnpacked(int length) throws IOException {
        byte[] content = Compression.content(length);
        assertThat(Arrays.equals(unpack(Compression.LZ4.compress(content, folder)), content)).isTrue();
    }

    @Test
    void whatDoesNotShrinkIsUnpacked() throws IOException {
        byte[] noise = new byte[BLOCK + 1000];
        new Random(5).nextBytes(noise);
        assertThat(Arrays.equals(unpack(Compression.LZ4.compress(noise, folder)), noise)).isTrue();
    }

    @Test
    void oneByteAtATimeGivesTheSame() throws IOException {
        byte[] content = Compression.content(10_000);
        Lz4LegacyInputStream in = new Lz4LegacyInputStream(new ByteArrayInputStream(Compression.LZ4.compress(content, folder)));
        for (byte each : content) {
            assertThat(in.read()).isEqualTo(each & 0xff);
        }
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read(new byte[0], 0, 0)).isZero();
    }

    @Test
    void filesInARowAreOne() throws IOException {
        byte[] file = HexFormat.of().parseHex(MAGIC + "03000000" + "206162");
        byte[] two = Arrays.copyOf(file, 2 * file.length);
        System.arraycopy(file, 0, two, file.length, file.length);
        assertThat(unpack(two)).asString().isEqualTo("abab");
    }

    @ParameterizedTest
    @CsvSource({
        "20 6162, ab",
        "14 61 0100 10 62, aaaaaaaaab", // a match longer than its distance repeats
        "20 6162 0200 10 63, abababc",
        "F000 616263646566676869 6a6b6c6d6e6f, abcdefghijklmno",
    })
    void aBlockIsLiteralsAndMatches(String hex, String content) throws IOException {
        assertThat(unpackBlock(hex.replace(" ", ""))).asString().isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "10 61 0000", // a match at no distance
        "10 61 0200", // before the begin
        "1F 61 0100", // a length that goes on, and does not
        "10 61 01", // half a distance
        "F0", "F0 FF", "F0 05 61", "40 616263", // literals that are not there
    })
    void aDamagedBlockIsRefused(String hex) {
        assertThatThrownBy(() -> unpackBlock(hex.replace(" ", ""))).isInstanceOf(IOException.class).hasMessageContaining("LZ4");
    }

    @Test
    void aBlockThatUnpacksToMoreThanABlockIsRefused() {
        byte[] bomb = new byte[40_000];
        Arrays.fill(bomb, (byte) 0xff);
        System.arraycopy(HexFormat.of().parseHex(MAGIC + "389c0000" + "1f610100"), 0, bomb, 0, 12); // 39,992 bytes; each 255 more of the match
        assertThatThrownBy(() -> unpack(bomb)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000", "ffffffff", "00000080", "00ffff7f", "00018100"})
    void aLengthThatNoBlockHasIsRefused(String length) {
        assertThatThrownBy(() -> unpack(HexFormat.of().parseHex(MAGIC + length + "00"))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02214c", "04224d18"})
    void anotherFormatIsRefused(String hex) {
        assertThatThrownBy(() -> unpack(HexFormat.of().parseHex(hex))).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsCutOffIsRefused() throws IOException {
        byte[] packed = Compression.LZ4.compress(Compression.content(3000), folder);
        for (int length = 5; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            assertThatThrownBy(() -> unpack(cut)).as("%d bytes", length).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void damageIsAnErrorOrGoesUnnoticedButNothingElse() throws IOException {
        Damage.read(2000, file -> {
            try {
                assertThat(unpack(file).length).isLessThanOrEqualTo(BLOCK);
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }, Compression.LZ4.compress(Compression.content(3000), folder));
    }
}
