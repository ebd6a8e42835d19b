package org.lodgevm.devices.virtio.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Answer;
import org.lodgevm.devices.virtio.FakeDriver.Style;

/** The guest's side by the specification's numbers. @virtio 5.10.6 */
class SocketDeviceTest {
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int RST = 3;
    private static final int SHUTDOWN = 4;
    private static final int RW = 5;
    private static final int CREDIT_UPDATE = 6;
    private static final int CREDIT_REQUEST = 7;
    private static final int GUEST_PORT = 1000;
    private static final int HOST_PORT = 22;
    private static final int CREDIT = 100_000;

    private final SocketDevice[] device = new SocketDevice[1];
    private FakeDriver driver;

    private static List<Style> styles() {
        return Style.all();
    }

    private void start(Style style) {
        driver = new FakeDriver(link -> device[0] = new SocketDevice(link, 3), style);
        driver.start(1);
        for (int i = 0; i < 16; i++) {
            driver.offer(0, List.of(), List.of(44, 4096));
        }
    }

    @AfterEach
    void close() {
        driver.close();
    }

    /** What the device says. */
    private record Packet(long from, long to, int fromPort, int toPort, int operation, int flags, int buffer, int forwarded, byte[] data) {}

    private Packet hear() {
        Answer answer = driver.await(0);
        driver.offer(0, List.of(), List.of(44, 4096));
        ByteBuffer b = ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        long from = b.getLong();
        long to = b.getLong();
        int fromPort = b.getInt();
        int toPort = b.getInt();
        int length = b.getInt();
        assertThat(b.getShort()).isEqualTo((short) 1);
        assertThat(answer.written()).isEqualTo(44 + length);
        return new Packet(from, to, fromPort, toPort, b.getShort(), b.getInt(), b.getInt(), b.getInt(),
                Arrays.copyOfRange(answer.bytes(), 44, 44 + length));
    }

    private void say(int hostPort, int operation, int flags, int forwarded, byte... data) {
        byte[] header = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN).putLong(3).putLong(2).putInt(GUEST_PORT).putInt(hostPort)
                .putInt(data.length).putShort((short) 1).putShort((short) operation).putInt(flags).putInt(CREDIT).putInt(forwarded).array();
        driver.call(1, data.length == 0 ? List.of(header) : List.of(header, data), List.of());
    }

    private ByteChannel guestConnects() throws Exception {
        CompletableFuture<ByteChannel> accepted = new CompletableFuture<>();
        device[0].listen(HOST_PORT, accepted::complete);
        say(HOST_PORT, REQUEST, 0, 0);
        assertThat(hear().operation()).isEqualTo(RESPONSE);
        return accepted.get(10, TimeUnit.SECONDS);
    }

    private static String read(ByteChannel channel, int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(count);
        while (into.hasRemaining() && channel.read(into) >= 0) {
            // more to come
        }
        return new String(into.array(), 0, into.position(), UTF_8);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aGuestConnectsToAListenerAndTalks(Style style) throws Exception {
        start(style);
        assertThat(driver.device.readConfiguration(0, 8)).isEqualTo(3);
        ByteChannel channel = guestConnects();
        say(HOST_PORT, RW, 0, 0, "hello".getBytes(UTF_8));
        assertThat(read(channel, 5)).isEqualTo("hello");
        channel.write(UTF_8.encode("welcome"));
        Packet answer = hear();
        assertThat(answer.operation()).isEqualTo(RW);
        assertThat(answer.from()).isEqualTo(2);
        assertThat(answer.to()).isEqualTo(3);
        assertThat(answer.toPort()).isEqualTo(GUEST_PORT);
        assertThat(answer.forwarded()).as("what was read").isEqualTo(5);
        assertThat(new String(answer.data(), UTF_8)).isEqualTo("welcome");
        channel.close();
        Packet last = hear();
        assertThat(last.operation()).isEqualTo(SHUTDOWN);
        assertThat(last.flags()).isEqualTo(3);
        say(HOST_PORT, RST, 0, 0);
        say(HOST_PORT, RW, 0, 0, (byte) 1);
        assertThat(hear().operation()).as("the connection is no more").isEqualTo(RST);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void theHostConnectsToAPortOfTheGuest(Style style) throws Exception {
        start(style);
        CompletableFuture<ByteChannel> connected = CompletableFuture.supplyAsync(() -> {
            try {
                return device[0].connect(GUEST_PORT);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Packet request = hear();
        assertThat(request.operation()).isEqualTo(REQUEST);
        assertThat(request.toPort()).isEqualTo(GUEST_PORT);
        say(request.fromPort(), RESPONSE, 0, 0);
        ByteChannel channel = connected.get(10, TimeUnit.SECONDS);
        say(request.fromPort(), RW, 0, 0, "bye".getBytes(UTF_8));
        say(request.fromPort(), SHUTDOWN, 3, 0);
        assertThat(hear().operation()).isEqualTo(RST);
        assertThat(read(channel, 100)).as("what was sent before the end").isEqualTo("bye");
        assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }

    @Test
    void whoHasSaidAllStillHearsTheAnswer() throws Exception {
        start(Style.PLAIN);
        SocketStream stream = (SocketStream) guestConnects();
        assertThat(stream.hostPort()).isEqualTo(HOST_PORT);
        stream.write(UTF_8.encode("question"));
        stream.shutdownOutput();
        assertThat(new String(hear().data(), UTF_8)).isEqualTo("question");
        Packet end = hear();
        assertThat(end.operation()).isEqualTo(SHUTDOWN);
        assertThat(end.flags()).as("nothing more is sent").isEqualTo(2);
        assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        say(HOST_PORT, RW, 0, 8, "answer".getBytes(UTF_8));
        assertThat(read(stream, 6)).isEqualTo("answer");
        assertThat(stream.isOver()).isFalse();
        stream.close();
        assertThat(hear().flags()).isEqualTo(3);
        say(HOST_PORT, RST, 0, 8);
        assertThat(stream.isOver()).isTrue();
    }

    @Test
    void portsWithoutAListenerAreSomebodyElsesToTake() throws Exception {
        start(Style.PLAIN);
        CompletableFuture<SocketStream> accepted = new CompletableFuture<>();
        device[0].listenElsewhere(port -> port == HOST_PORT ? accepted::complete : null);
        say(HOST_PORT + 1, REQUEST, 0, 0);
        assertThat(hear().operation()).isEqualTo(RST);
        say(HOST_PORT, REQUEST, 0, 0);
        assertThat(hear().operation()).isEqualTo(RESPONSE);
        assertThat(accepted.get(10, TimeUnit.SECONDS).hostPort()).isEqualTo(HOST_PORT);
    }

    @Test
    void aRefusalIsToldToWhoeverConnects() {
        start(Style.PLAIN);
        CompletableFuture<ByteChannel> connected = CompletableFuture.supplyAsync(() -> {
            try {
                return device[0].connect(GUEST_PORT);
            } catch (IOException e) {
                throw new IllegalStateException(e.getMessage());
            }
        });
        say(hear().fromPort(), RST, 0, 0);
        assertThatThrownBy(() -> connected.get(10, TimeUnit.SECONDS)).hasMessageContaining("nobody in the guest listens on port 1000");
        say(HOST_PORT, REQUEST, 0, 0);
        assertThat(hear().operation()).as("nobody listens here, either").isEqualTo(RST);
    }

    @Test
    void theHostSendsNoMoreThanTheGuestHasRoomFor() throws Exception {
        start(Style.PLAIN);
        ByteChannel channel = guestConnects();
        byte[] much = new byte[CREDIT + 10_000];
        Thread writer = Thread.startVirtualThread(() -> {
            try {
                channel.write(ByteBuffer.wrap(much));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        int received = 0;
        while (received < CREDIT) {
            received += hear().data().length;
        }
        assertThat(received).isEqualTo(CREDIT);
        driver.device.pause();
        assertThat(driver.take(0)).isNull();
        driver.device.resume();
        say(HOST_PORT, CREDIT_UPDATE, 0, CREDIT);
        while (received < much.length) {
            received += hear().data().length;
        }
        writer.join();
    }

    @Test
    void aGuestThatExceedsItsCreditIsCutOff() throws Exception {
        start(Style.PLAIN);
        ByteChannel channel = guestConnects();
        say(HOST_PORT, CREDIT_REQUEST, 0, 0);
        Packet credit = hear();
        assertThat(credit.operation()).isEqualTo(CREDIT_UPDATE);
        byte[] chunk = new byte[1 << 16];
        for (int sent = 0; sent <= credit.buffer(); sent += chunk.length) {
            say(HOST_PORT, RW, 0, 0, chunk);
            driver.memory.get16(0);
        }
        assertThat(hear().operation()).isEqualTo(RST);
        assertThat(read(channel, credit.buffer() + 1)).hasSize(credit.buffer());
    }

    @Test
    void readingGivesTheGuestNewCredit() throws Exception {
        start(Style.PLAIN);
        ByteChannel channel = guestConnects();
        byte[] chunk = new byte[1 << 16];
        for (int i = 0; i < 3; i++) {
            say(HOST_PORT, RW, 0, 0, chunk);
        }
        read(channel, 3 * chunk.length);
        Packet credit = hear();
        assertThat(credit.operation()).isEqualTo(CREDIT_UPDATE);
        assertThat(credit.forwarded()).isGreaterThanOrEqualTo(credit.buffer() / 2);
    }

    @Test
    void aResetOfTheDeviceEndsAllConnections() throws Exception {
        start(Style.PLAIN);
        ByteChannel channel = guestConnects();
        driver.device.status(0);
        assertThat(read(channel, 1)).isEmpty();
        assertThatThrownBy(() -> device[0].connect(1)).hasMessageContaining("no driver");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void packetsThatCannotBeAreFaults(Style style) {
        start(style);
        driver.offer(1, List.of(new byte[43]), List.of());
        assertThat(driver.awaitFailure()).contains("43 bytes where 44 are needed");
        driver.start(1);
        byte[] header = new byte[44];
        header[24] = 1;
        driver.offer(1, List.of(header), List.of());
        assertThat(driver.awaitFailure()).contains("says that it has 1 bytes");
        driver.start(1);
        driver.offer(0, List.of(), List.of(44));
        assertThat(driver.awaitFailure()).contains("no room for data");
    }

    /** Answers wait until the guest offers buffers: it could ask for more and more. */
    @ParameterizedTest
    @MethodSource("styles")
    void whoAsksForCreditOverAndOverIsToldOnce(Style style) throws Exception {
        driver = new FakeDriver(link -> device[0] = new SocketDevice(link, 3), style);
        driver.start(1);
        device[0].listen(HOST_PORT, channel -> {});
        say(HOST_PORT, REQUEST, 0, 0);
        for (int i = 0; i < 100; i++) {
            say(HOST_PORT, CREDIT_REQUEST, 0, 0);
        }
        say(HOST_PORT, RST, 0, 0);
        say(HOST_PORT, REQUEST, 0, 0);
        say(HOST_PORT, CREDIT_REQUEST, 0, 0);
        say(HOST_PORT, CREDIT_REQUEST, 0, 0);
        say(HOST_PORT + 1, RW, 0, 0);
        for (int i = 0; i < 8; i++) {
            driver.offer(0, List.of(), List.of(44, 4096));
        }
        assertThat(List.of(hear().operation(), hear().operation(), hear().operation())).containsExactly(RST, RESPONSE, CREDIT_UPDATE);
        say(HOST_PORT, SHUTDOWN, 3, 0);
        assertThat(hear().operation()).isEqualTo(RST);
    }

    /** A guest that drops a connection does not end whom it has called. */
    @ParameterizedTest
    @MethodSource("styles")
    void listenersThatHaveNotComeToAnEndCount(Style style) {
        start(style);
        CountDownLatch end = new CountDownLatch(1);
        device[0].listen(HOST_PORT, channel -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        int accepted = 0;
        for (say(HOST_PORT, REQUEST, 0, 0); hear().operation() == RESPONSE; say(HOST_PORT, REQUEST, 0, 0)) {
            accepted++;
            say(HOST_PORT, RST, 0, 0);
            assertThat(accepted).isLessThan(2000);
        }
        end.countDown();
        assertThat(accepted).isEqualTo(1024);
    }
}
