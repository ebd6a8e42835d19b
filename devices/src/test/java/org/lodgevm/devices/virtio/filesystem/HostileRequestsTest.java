package org.lodgevm.devices.virtio.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Style;

/**
 * Requests that are right in most of their parts, and of a kind that could do harm. The same ones every time; {@code -Dlodge.fuzz.seed} and
 * {@code -Dlodge.fuzz.cases} ask for others, and more.
 */
class HostileRequestsTest {
    private static final long SEED = Long.getLong("lodge.fuzz.seed", 26);
    private static final int CASES = Integer.getInteger("lodge.fuzz.cases", 20_000);
    private static final int SESSION = 500;
    private static final String SECRET = "the moon is hollow";
    private static final int FORGET = 2;
    private static final int INIT = 26;
    private static final int DESTROY = 38;
    private static final int BATCH_FORGET = 42;
    private static final int SYNCFS = 50;

    private static final List<String> NAMES = List.of(
            "a", "b", "c", "file", "link", "folder", "..", ".", "", "/", "../outside/secret", "a/b", "x".repeat(256), "ä\u0001\n");

    @TempDir
    private Path host;

    private SplittableRandom random;

    @Test
    void nothingGetsOutAndTheDeviceGoesOn() throws IOException {
        Path secret = Files.writeString(Files.createDirectory(host.resolve("outside")).resolve("secret"), SECRET);
        Path shared = Files.createDirectory(host.resolve("shared"));
        Files.createSymbolicLink(shared.resolve("link"), secret);
        Files.createSymbolicLink(shared.resolve("folder"), host.resolve("outside"));
        for (int begin = 0; begin < CASES; begin += SESSION) {
            random = new SplittableRandom(SEED + begin);
            session(shared);
        }
        assertThat(secret).hasContent(SECRET);
        try (var outside = Files.list(host.resolve("outside"))) {
            assertThat(outside).containsExactly(secret);
        }
    }

    private void session(Path shared) throws IOException {
        try (FuseDriver guest = new FuseDriver(shared, random.nextInt(8) == 0, Style.all().get(random.nextInt(8)))) {
            for (int i = 0; i < SESSION; i++) {
                request(guest);
            }
            assertThat(guest.driver.log).as("an error of ours, or a request that was none").noneMatch(line -> line.contains("needs a reset"));
            guest.driver.start(0);
            guest.initialize().ok();
            assertThat(guest.attributes(FuseDriver.ROOT).error()).isZero();
        }
    }

    private void request(FuseDriver guest) {
        int opcode = random.nextInt(64) == 0 ? random.nextInt() : 1 + random.nextInt(52);
        if (opcode == SYNCFS || (opcode == INIT || opcode == DESTROY) && random.nextInt(20) != 0) {
            return; // which takes the host long, or forgets everything
        }
        byte[] body = body();
        boolean unanswered = opcode == FORGET || opcode == BATCH_FORGET;
        int room = unanswered ? 0 : 16 + (random.nextInt(8) == 0 ? random.nextInt(64) : 1 << random.nextInt(14));
        guest.driver.memory.forgetBuffers();
        List<byte[]> out = body.length == 0 ? List.of(guest.header(opcode, number(), 0)) : List.of(guest.header(opcode, number(), 0), body);
        FakeDriver.Answer answer = guest.driver.call(random.nextInt(3), out, room == 0 ? List.of() : List.of(room));
        assertThat(answer.written()).isBetween(unanswered ? 0 : 16, room);
        String text = new String(answer.bytes(), 0, answer.written(), UTF_8);
        assertThat(text.contains(SECRET)).as("told by opcode %d", opcode).isFalse();
    }

    /** Numbers as in any structure, then names; or anything. */
    private byte[] body() {
        ByteBuffer body = FuseDriver.bytes(4096);
        int words = random.nextInt(12);
        for (int i = 0; i < words; i++) {
            if (random.nextInt(3) == 0) {
                body.putInt((int) number()).putInt((int) number());
            } else {
                body.putLong(number());
            }
        }
        List<String> names = IntStream.range(0, random.nextInt(3)).mapToObj(i -> NAMES.get(random.nextInt(NAMES.size()))).toList();
        names.forEach(name -> body.put(FuseDriver.text(name)));
        int tail = random.nextInt(6) == 0 ? random.nextInt(2048) : 0;
        byte[] bytes = new byte[body.position() + tail];
        random.nextBytes(bytes);
        System.arraycopy(body.array(), 0, bytes, 0, body.position());
        return random.nextInt(16) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    /** Nodes, handles, sizes, flags and modes are small; or not. */
    private long number() {
        return switch (random.nextInt(8)) {
            case 0 -> 1;
            case 1, 2 -> random.nextInt(8);
            case 3 -> random.nextInt(64);
            case 4 -> 1L << random.nextInt(64);
            case 5 -> random.nextInt(01_0000) | List.of(0x1000, 0x2000, 0x4000, 0x8000, 0xa000).get(random.nextInt(5));
            case 6 -> 0;
            default -> random.nextInt(16) == 0 ? random.nextLong() : random.nextInt(1 << 16);
        };
    }
}
