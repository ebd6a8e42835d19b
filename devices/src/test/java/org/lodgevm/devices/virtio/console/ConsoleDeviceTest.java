package org.lodgevm.devices.virtio.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.chipset.Eventually;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Answer;
import org.lodgevm.devices.virtio.FakeDriver.Style;

class ConsoleDeviceTest {
    private static final long MULTIPORT = 2;

    private final PipedOutputStream typed = new PipedOutputStream();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final ByteArrayOutputStream slow = new ByteArrayOutputStream();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final ConsoleDevice[] device = new ConsoleDevice[1];
    private FakeDriver driver;

    private static List<Style> styles() {
        return Style.all();
    }

    private FakeDriver driver(Style style) throws IOException {
        List<ConsolePort> ports = List.of(
                new ConsolePort("org.lodgevm.console", true, new SerialEndpoint(new PipedInputStream(typed), shown)),
                new ConsolePort("org.lodgevm.agent", false, new SerialEndpoint(SerialEndpoint.UNCONNECTED.input(), new Slow())));
        driver = new FakeDriver(link -> device[0] = new ConsoleDevice(link, ports), style);
        return driver;
    }

    /** Takes nothing until the gate opens. */
    private final class Slow extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            synchronized (slow) {
                slow.write(bytes, offset, length);
            }
        }
    }

    @AfterEach
    void close() {
        gate.countDown();
        driver.close();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aDriverWithoutPortsUsesTheFirst(Style style) throws IOException {
        driver(style).start(0);
        driver.call(1, List.of("hel".getBytes(UTF_8), "lo".getBytes(UTF_8)), List.of());
        assertThat(Eventually.becomes(() -> shown.toString(UTF_8).equals("hello"))).isTrue();
        typed.write("abc".getBytes(UTF_8));
        typed.flush();
        Answer answer = driver.call(0, List.of(), List.of(2));
        assertThat(answer.bytes()).asString(UTF_8).isEqualTo("ab");
        answer = driver.call(0, List.of(), List.of(2));
        assertThat(answer.written()).isEqualTo(1);
        assertThat(answer.bytes()[0]).isEqualTo((byte) 'c');
    }

    private String message() {
        Answer answer = driver.await(2);
        ByteBuffer bytes = ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        String more = new String(Arrays.copyOfRange(answer.bytes(), 8, answer.written()), UTF_8);
        driver.offer(2, List.of(), List.of(64));
        return "%d: %d=%d %s".formatted(bytes.getInt(), bytes.getShort(), bytes.getShort(), more);
    }

    private void say(int port, int event, int value) {
        driver.call(3, List.of(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(port).putShort((short) event).putShort((short) value).array()), List.of());
    }

    @ParameterizedTest
    @MethodSource("styles")
    void portsIntroduceThemselvesAndReceiveOnceOpen(Style style) throws IOException {
        driver(style).start(MULTIPORT);
        assertThat(driver.device.readConfiguration(4, 4)).isEqualTo(2);
        for (int i = 0; i < 8; i++) {
            driver.offer(2, List.of(), List.of(64));
        }
        say(0, 0, 1);
        assertThat(message()).isEqualTo("0: 1=1 ");
        assertThat(message()).isEqualTo("1: 1=1 ");
        say(0, 3, 1);
        assertThat(message()).isEqualTo("0: 4=1 ");
        assertThat(message()).isEqualTo("0: 7=1 org.lodgevm.console");
        assertThat(message()).isEqualTo("0: 6=1 ");
        say(1, 3, 1);
        assertThat(message()).isEqualTo("1: 7=1 org.lodgevm.agent");
        assertThat(message()).isEqualTo("1: 6=1 ");
        typed.write('x');
        typed.flush();
        driver.offer(0, List.of(), List.of(8));
        say(7, 6, 1);
        assertThat(driver.take(0)).as("not open yet").isNull();
        say(0, 6, 1);
        assertThat(driver.await(0).written()).isEqualTo(1);
        device[0].resize(132, 43);
        assertThat(message()).startsWith("0: 5=1 ");
        assertThat(driver.device.readConfiguration(0, 4)).isEqualTo(43 << 16 | 132);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void theGuestKnowsWhetherSomebodyIsThere(Style style) throws IOException {
        driver(style);
        device[0].attended(1, false);
        driver.start(MULTIPORT);
        for (int i = 0; i < 4; i++) {
            driver.offer(2, List.of(), List.of(64));
        }
        say(1, 3, 1);
        assertThat(message()).isEqualTo("1: 7=1 org.lodgevm.agent");
        assertThat(message()).isEqualTo("1: 6=0 ");
        device[0].attended(1, true);
        assertThat(message()).isEqualTo("1: 6=1 ");
        device[0].restored();
        assertThat(message()).isEqualTo("0: 6=1 ");
        assertThat(message()).isEqualTo("1: 6=1 ");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void nothingIsLostWhenTheHostIsSlow(Style style) throws IOException {
        driver(style).start(MULTIPORT);
        byte[] sent = new byte[300_000];
        new Random(5).nextBytes(sent);
        for (int at = 0; at < sent.length; at += 100_000) {
            driver.offer(5, List.of(Arrays.copyOfRange(sent, at, at + 100_000)), List.of());
        }
        gate.countDown();
        for (int i = 0; i < 3; i++) {
            driver.await(5);
        }
        assertThat(Eventually.becomes(() -> {
            synchronized (slow) {
                return slow.size() == sent.length;
            }
        })).isTrue();
        assertThat(slow.toByteArray()).isEqualTo(sent);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aDriverThatAsksWithoutListeningCostsLittle(Style style) throws IOException {
        driver(style).start(MULTIPORT);
        for (int i = 0; i < 3000; i++) {
            say(0, 3, 1);
            driver.memory.forgetBuffers();
        }
        driver.device.status(0);
        driver.start(MULTIPORT);
        driver.offer(2, List.of(), List.of(64));
        say(0, 0, 1);
        assertThat(message()).as("a reset forgets what waited").isEqualTo("0: 1=1 ");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void messagesThatAreTooShortAreAFault(Style style) throws IOException {
        driver(style).start(MULTIPORT);
        driver.offer(3, List.of(new byte[7]), List.of());
        assertThat(driver.awaitFailure()).contains("7 bytes where 8 are needed");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void anEmergencyNeedsNoQueue(Style style) throws IOException {
        driver(style).device.writeConfiguration(8, 4, '!');
        assertThat(Eventually.becomes(() -> shown.toString(UTF_8).equals("!"))).isTrue();
    }
}
