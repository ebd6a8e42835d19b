package org.lodgevm.image.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.image.Damage;

/** bzImages made here, around what others have compressed. */
@Timeout(60)
class VmlinuxTest {
    private static final int SECTOR = 512;
    private static final int SETUP_SECTORS = 7;
    private static final int PAYLOAD = 0x2d1;
    private static final int START = (SETUP_SECTORS + 1) * SECTOR + PAYLOAD;
    /** What follows the payload in a bzImage. */
    private static final int BEHIND = 1000;

    private static final int SETUP_SECTS = 0x1f1;
    private static final int MAGIC = 0x202;
    private static final int VERSION = 0x206;
    private static final int XLOADFLAGS = 0x236;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;

    private static final int LENGTH = 200_000;
    private static final int DAMAGED = 300;

    @TempDir
    private Path folder;

    private static byte[] elf() {
        byte[] elf = Compression.content(LENGTH);
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F'}, 0, elf, 0, 4);
        return elf;
    }

    /** With the length behind it, as Linux's build adds it to all but what gzip makes, which ends so by itself. */
    private byte[] payload(Compression compression, byte[] content) throws IOException {
        byte[] compressed = compression.compress(content, folder);
        return compression == Compression.GZIP ? compressed : withLength(compressed, content.length);
    }

    private static byte[] withLength(byte[] compressed, int length) {
        byte[] payload = Arrays.copyOf(compressed, compressed.length + Integer.BYTES);
        wrap(payload).putInt(compressed.length, length);
        return payload;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bzImage(byte[] payload) {
        return bzImage(payload, header -> {});
    }

    private static byte[] bzImage(byte[] payload, Consumer<ByteBuffer> change) {
        ByteBuffer image = ByteBuffer.allocate(START + payload.length + BEHIND).order(ByteOrder.LITTLE_ENDIAN);
        image.put(SETUP_SECTS, (byte) SETUP_SECTORS).put(MAGIC, "HdrS".getBytes(StandardCharsets.US_ASCII)).putShort(VERSION, (short) 0x20f);
        image.putShort(XLOADFLAGS, (short) 0x3f).putInt(PAYLOAD_OFFSET, PAYLOAD).putInt(PAYLOAD_LENGTH, payload.length);
        image.put(START, payload);
        change.accept(image);
        return image.array();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void theKernelIsWhatWasCompressed(Compression compression) throws IOException {
        assertThat(Vmlinux.of(bzImage(payload(compression, elf())))).contains(elf());
    }

    @Test
    void noSetupSectorsStandForFour() throws IOException {
        byte[] image = bzImage(payload(Compression.GZIP, elf()),
                header -> header.put(SETUP_SECTS, (byte) 0).putInt(PAYLOAD_OFFSET, PAYLOAD + (SETUP_SECTORS - 4) * SECTOR));
        assertThat(Vmlinux.of(image)).contains(elf());
    }

    @Test
    void whatIsNoSuchImageGivesNothing() throws IOException {
        byte[] payload = payload(Compression.GZIP, elf());
        assertThat(Vmlinux.of(new byte[0])).isEmpty();
        assertThat(Vmlinux.of(elf())).isEmpty();
        assertThat(Vmlinux.of(Arrays.copyOf(bzImage(payload), PAYLOAD_LENGTH + 3))).isEmpty();
        assertThat(Vmlinux.of(bzImage(payload, header -> header.put(MAGIC, (byte) 'h')))).isEmpty();
        assertThat(Vmlinux.of(bzImage(payload, header -> header.putShort(VERSION, (short) 0x20b)))).as("before there were xloadflags").isEmpty();
        assertThat(Vmlinux.of(bzImage(payload, header -> header.putShort(XLOADFLAGS, (short) 0x3e)))).as("32-bit").isEmpty();
    }

    @Test
    void anUnknownCompressionGivesNothing() throws IOException {
        byte[] payload = payload(Compression.GZIP, elf());
        for (String magic : new String[] {"BZ", "\u0089L", "]\0", "\177E"}) {
            byte[] image = bzImage(payload, header -> header.put(START, magic.getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(Vmlinux.of(image)).as(magic).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsNoElfFileGivesNothing(Compression compression) throws IOException {
        assertThat(Vmlinux.of(bzImage(payload(compression, Compression.content(LENGTH))))).isEmpty();
        assertThat(Vmlinux.of(bzImage(payload(compression, new byte[] {0x7f, 'E'})))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aLengthThatIsNotTheContentsIsRefused(Compression compression) throws IOException {
        byte[] payload = payload(compression, elf());
        int field = START + payload.length - Integer.BYTES;
        for (int length : new int[] {LENGTH + 1, LENGTH - 1, 512 << 20, (512 << 20) + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0}) {
            assertThatThrownBy(() -> Vmlinux.of(bzImage(payload, image -> image.putInt(field, length)))).as("%d bytes", length)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aKernelThatIsCutOffIsRefused(Compression compression) throws IOException {
        byte[] payload = payload(compression, elf());
        int compressed = payload.length - Integer.BYTES;
        for (int length : new int[] {4, 5, 10, 18, 30, compressed / 2, compressed - 9, compressed - 1}) {
            byte[] cut = withLength(Arrays.copyOf(payload, length), LENGTH);
            assertThatThrownBy(() -> Vmlinux.of(bzImage(cut))).as("%d of %d bytes", length, compressed).isInstanceOf(IOException.class);
        }
        byte[] image = bzImage(payload);
        for (int length : new int[] {PAYLOAD_LENGTH + 4, START - 1, START, START + 3, START + payload.length - 1}) {
            assertThatThrownBy(() -> Vmlinux.of(Arrays.copyOf(image, length))).as("%d bytes", length).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aPayloadThatIsNowhereIsRefused() throws IOException {
        byte[] payload = payload(Compression.GZIP, elf());
        for (int number : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, START + payload.length + BEHIND}) {
            assertThatThrownBy(() -> Vmlinux.of(bzImage(payload, header -> header.putInt(PAYLOAD_OFFSET, number)))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> Vmlinux.of(bzImage(payload, header -> header.putInt(PAYLOAD_LENGTH, number)))).isInstanceOf(IOException.class);
        }
        for (int length = 0; length < Integer.BYTES; length++) {
            int few = length;
            assertThatThrownBy(() -> Vmlinux.of(bzImage(payload, header -> header.putInt(PAYLOAD_LENGTH, few)))).isInstanceOf(IOException.class);
        }
    }

    /** Only what has a checksum, as LZ4's legacy format and Linux's zstd have not, is known to be whole. */
    @ParameterizedTest
    @EnumSource(Compression.class)
    void aDamagedKernelIsRefusedOrGivesNothing(Compression compression) throws IOException {
        byte[] elf = elf();
        byte[] sound = payload(compression, elf);
        boolean checked = compression == Compression.GZIP || compression == Compression.XZ;
        Damage.read(DAMAGED, payload -> {
            try {
                Vmlinux.of(bzImage(payload)).filter(kernel -> checked).ifPresent(kernel -> assertThat(kernel).isEqualTo(elf));
            } catch (IOException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }, sound);
        Damage.read(DAMAGED, image -> {
            try {
                Vmlinux.of(image);
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }, Arrays.copyOf(bzImage(sound), START + 64));
    }
}
