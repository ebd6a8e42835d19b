package org.lodgevm.devices.virtio.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.chipset.Eventually;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Answer;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.net.Offload;
import org.lodgevm.net.packet.MacAddress;

class NetworkDeviceTest {
    private static final long CSUM = 1;
    private static final long GUEST_CSUM = 1 << 1;
    private static final long CTRL_GUEST_OFFLOADS = 1 << 2;
    private static final long GUEST_TSO4 = 1 << 7;
    private static final long HOST_TSO4 = 1 << 11;
    private static final long MRG_RXBUF = 1 << 15;
    private static final long CTRL_VQ = 1 << 17;
    private static final long CTRL_RX = 1 << 18;
    private static final long CTRL_VLAN = 1 << 19;
    private static final long GUEST_ANNOUNCE = 1 << 21;
    private static final long MQ = 1 << 22;
    private static final long CTRL_MAC_ADDR = 1 << 23;

    private static final byte[] OWN = HexFormat.of().parseHex("525400123456");
    private static final byte[] OTHER = HexFormat.of().parseHex("525400999999");
    private static final byte[] GROUP = HexFormat.of().parseHex("01005e000001");
    private static final byte[] ALL = HexFormat.of().parseHex("ffffffffffff");

    private final FakeLink link = new FakeLink();
    private FakeDriver driver;
    private NetworkDevice card;

    private static List<Style> styles() {
        return Style.all();
    }

    private void start(Style style, long features) {
        driver = new FakeDriver(l -> card = new NetworkDevice(l, link, MacAddress.parse("52:54:00:12:34:56"), 2), style);
        driver.start(features);
    }

    @AfterEach
    void close() {
        if (driver != null) {
            driver.close();
            assertThat(link.closed).isTrue();
        }
    }

    private static byte[] frame(byte[] destination, int size) {
        byte[] frame = new byte[size];
        new Random(size).nextBytes(frame);
        System.arraycopy(destination, 0, frame, 0, 6);
        frame[12] = 0x08;
        frame[13] = 0x06;
        return frame;
    }

    private static byte[] header(int flags, int gso, int headerLength, int gsoSize, int start, int offset) {
        return ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).put((byte) flags).put((byte) gso).putShort((short) headerLength)
                .putShort((short) gsoSize).putShort((short) start).putShort((short) offset).putShort((short) 0).array();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void framesAreSentAsTheyAre(Style style) {
        start(style, 0);
        byte[] frame = frame(OTHER, 100);
        driver.call(1, List.of(header(0, 0, 0, 0, 0, 0), frame), List.of());
        assertThat(link.sent().getFirst().bytes()).isEqualTo(frame);
        assertThat(link.sent().getFirst().offload()).isEqualTo(Offload.NONE);
        driver.call(1, List.of(header(0, 0, 0, 0, 0, 0)), List.of());
        driver.call(1, List.of(header(0, 0, 0, 0, 0, 0), new byte[70_000]), List.of());
        assertThat(link.sent()).as("neither nothing nor more than any frame has").hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void workLeftUndoneIsPassedOn(Style style) {
        start(style, CSUM | HOST_TSO4);
        driver.call(1, List.of(header(1, 0, 0, 0, 34, 16), frame(OTHER, 100)), List.of());
        driver.call(1, List.of(header(1, 0x81, 66, 1448, 34, 16), frame(OTHER, 20_000)), List.of());
        assertThat(link.sent().get(0).offload()).isEqualTo(Offload.checksum(34, 16));
        assertThat(link.sent().get(1).offload()).isEqualTo(new Offload(34, 16, Offload.Segmentation.TCP4, 66, 1448));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aFrameForWhichTheLinkHasNoRoomWaitsInItsQueue(Style style) {
        start(style, 0);
        link.full = true;
        byte[] frame = frame(OTHER, 60);
        for (int i = 0; i < 3; i++) {
            driver.offer(1, List.of(header(0, 0, 0, 0, 0, 0), frame), List.of());
        }
        link.full = false;
        link.receiver.sendReady();
        for (int i = 0; i < 3; i++) {
            driver.await(1);
        }
        assertThat(link.sent()).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void framesArriveInABufferEach(Style style) {
        start(style, 0);
        driver.offer(0, List.of(), List.of(12, 1514));
        driver.offer(0, List.of(), List.of(1526));
        byte[] first = frame(OWN, 60);
        byte[] second = frame(ALL, 1514);
        byte[] large = frame(OWN, 1515);
        assertThat(link.deliver(first) && link.deliver(large) && link.deliver(second)).isTrue();
        Answer answer = driver.await(0);
        assertThat(answer.written()).isEqualTo(72);
        assertThat(Arrays.copyOf(answer.bytes(), 12)).isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0});
        assertThat(Arrays.copyOfRange(answer.bytes(), 12, 72)).isEqualTo(first);
        answer = driver.await(0);
        assertThat(answer.written()).as("what fits nowhere is dropped").isEqualTo(1526);
        assertThat(Arrays.copyOfRange(answer.bytes(), 12, 1526)).isEqualTo(second);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aLargeFrameTakesSeveralMergeableBuffers(Style style) {
        start(style, MRG_RXBUF | GUEST_CSUM | GUEST_TSO4);
        byte[] frame = frame(OWN, 4000);
        assertThat(link.deliver(frame, new Offload(34, 16, Offload.Segmentation.TCP4, 54, 1460))).isTrue();
        for (int i = 0; i < 4; i++) {
            driver.offer(0, List.of(), List.of(1500));
        }
        byte[] all = new byte[4012];
        int[] lengths = {1500, 1500, 1012};
        for (int i = 0, at = 0; i < 3; at += lengths[i++]) {
            Answer answer = driver.await(0);
            assertThat(answer.written()).isEqualTo(lengths[i]);
            System.arraycopy(answer.bytes(), 0, all, at, lengths[i]);
        }
        assertThat(Arrays.copyOf(all, 12)).isEqualTo(new byte[] {1, 1, 54, 0, (byte) 0xb4, 5, 34, 0, 16, 0, 3, 0});
        assertThat(Arrays.copyOfRange(all, 12, 4012)).isEqualTo(frame);
        link.deliver(frame(OWN, 60));
        assertThat(driver.await(0).written()).as("the fourth is still there").isEqualTo(72);
    }

    @Test
    void aGuestThatDoesNotReceiveHoldsTheSenderUpAndLosesNothing() {
        start(Style.PLAIN, 0);
        int sent = 0;
        while (link.deliver(frame(OWN, 1000 + sent))) {
            sent++;
        }
        assertThat(sent).isBetween(10, 2000);
        for (int i = 0; i < sent; i++) {
            driver.offer(0, List.of(), List.of(4000));
            Answer answer = driver.await(0);
            assertThat(Arrays.copyOfRange(answer.bytes(), 12, answer.written())).isEqualTo(frame(OWN, 1000 + i));
            driver.memory.forgetBuffers();
        }
        assertThat(Eventually.becomes(() -> link.readiness() == 1)).isTrue();
    }

    @Test
    void offloadsThatTheDriverTurnsOffAreNotLeftUndone() {
        start(Style.PLAIN, GUEST_CSUM | GUEST_TSO4 | CTRL_VQ | CTRL_GUEST_OFFLOADS);
        assertThat(link.receiver.capabilities().tso4()).isTrue();
        assertThat(link.receiver.capabilities().tso6()).as("not negotiated").isFalse();
        byte[] onlyChecksums = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(GUEST_CSUM).array();
        assertThat(command(5, 0, onlyChecksums)).isZero();
        assertThat(link.receiver.capabilities().checksum()).isTrue();
        assertThat(link.receiver.capabilities().tso4()).isFalse();
        byte[] notNegotiated = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(GUEST_CSUM | 1 << 8).array();
        assertThat(command(5, 0, notNegotiated)).isEqualTo(1);
        assertThat(command(5, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 1})).isEqualTo(1);
        driver.start(0);
        assertThat(link.receiver.capabilities().checksum()).isFalse();
    }

    private int command(int commandClass, int command, byte... data) {
        return command(2, commandClass, command, data);
    }

    private int command(int queue, int commandClass, int command, byte... data) {
        return driver.call(queue, List.of(new byte[] {(byte) commandClass, (byte) command}, data), List.of(1)).bytes()[0];
    }

    /** Whether a frame comes through; if so, it is taken. */
    private boolean arrives(byte... frame) {
        driver.offer(0, List.of(), List.of(2000));
        link.deliver(frame);
        byte[] last = frame(OWN, 99); // which always passes
        driver.offer(0, List.of(), List.of(2000));
        link.deliver(last);
        Answer answer = driver.await(0);
        boolean arrived = answer.written() - 12 == frame.length;
        if (arrived) {
            driver.await(0);
        } else {
            link.deliver(last); // uses the other buffer up
            driver.await(0);
        }
        return arrived;
    }

    @Test
    void theFilterLetsThroughWhatTheDriverWants() {
        start(Style.PLAIN, CTRL_VQ | CTRL_RX | CTRL_MAC_ADDR);
        assertThat(arrives(frame(OTHER, 60))).as("until the driver says so, everything").isTrue();
        assertThat(command(0, 0, (byte) 0)).isZero();
        assertThat(arrives(frame(ALL, 60))).isTrue();
        assertThat(arrives(frame(OTHER, 60))).isFalse();
        assertThat(arrives(frame(GROUP, 60))).isFalse();
        assertThat(command(0, 0, (byte) 1)).isZero();
        assertThat(arrives(frame(OTHER, 60))).as("promiscuous").isTrue();
        command(0, 0, (byte) 0);
        command(0, 1, (byte) 1);
        assertThat(arrives(frame(GROUP, 60))).as("all of multicast").isTrue();
        command(0, 1, (byte) 0);
        byte[] tables = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putInt(1).put(OTHER).putInt(1).put(GROUP).array();
        assertThat(command(1, 0, tables)).isZero();
        assertThat(arrives(frame(OTHER, 60))).isTrue();
        assertThat(arrives(frame(GROUP, 60))).isTrue();
        assertThat(command(1, 0, Arrays.copyOf(tables, 19))).isEqualTo(1);
        assertThat(command(1, 0, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) 0)).isEqualTo(1);
        assertThat(command(0, 5, (byte) 1)).as("not negotiated").isEqualTo(1);
        assertThat(command(9, 0, (byte) 1)).isEqualTo(1);
    }

    @Test
    void aNewAddressReplacesTheFirst() {
        start(Style.PLAIN, CTRL_VQ | CTRL_RX | CTRL_MAC_ADDR);
        assertThat(driver.device.readConfiguration(0, 6)).isEqualTo(0x5634_1200_5452L);
        assertThat(command(1, 1, OTHER)).isZero();
        assertThat(driver.device.readConfiguration(0, 6)).isEqualTo(0x9999_9900_5452L);
        command(0, 0, (byte) 0);
        driver.offer(0, List.of(), List.of(2000));
        link.deliver(frame(OWN, 60));
        link.deliver(frame(OTHER, 61));
        assertThat(driver.await(0).written()).isEqualTo(73);
    }

    @Test
    void taggedFramesPassByTheirTable() {
        start(Style.PLAIN, CTRL_VQ | CTRL_VLAN);
        byte[] tagged = frame(OWN, 64);
        tagged[12] = (byte) 0x81;
        tagged[13] = 0;
        tagged[14] = 0x20;
        tagged[15] = 5;
        assertThat(arrives(tagged)).isFalse();
        assertThat(command(2, 0, (byte) 5, (byte) 0)).isZero();
        assertThat(arrives(tagged)).isTrue();
        assertThat(command(2, 1, (byte) 5, (byte) 0)).isZero();
        assertThat(arrives(tagged)).isFalse();
    }

    @Test
    void flowsSpreadOverTheQueuesThatTheDriverUses() {
        start(Style.PLAIN, CTRL_VQ | MQ);
        assertThat(command(4, 4, 0, (byte) 2, (byte) 0)).isZero();
        assertThat(command(4, 4, 0, (byte) 3, (byte) 0)).isEqualTo(1);
        assertThat(command(4, 4, 0, (byte) 0, (byte) 0)).isEqualTo(1);
        for (int i = 0; i < 64; i++) {
            driver.offer(0, List.of(), List.of(200));
            driver.offer(2, List.of(), List.of(200));
        }
        for (int port = 0; port < 64; port++) {
            byte[] udp = frame(OWN, 60);
            udp[13] = 0;
            udp[14] = 0x45;
            udp[20] = 0;
            udp[21] = 0;
            udp[23] = 17;
            udp[35] = (byte) port;
            link.deliver(udp);
        }
        driver.await(0);
        driver.await(2);
        driver.call(3, List.of(header(0, 0, 0, 0, 0, 0), frame(OTHER, 60)), List.of());
        assertThat(link.sent()).hasSize(1);
    }

    @Test
    void featuresThatNeedOthersAreRefusedAlone() {
        start(Style.PLAIN, 0);
        for (long alone : new long[] {HOST_TSO4, GUEST_TSO4, MQ, CTRL_RX, GUEST_ANNOUNCE}) {
            driver.device.status(0);
            driver.device.status(3);
            driver.device.driverFeatures(0, (int) alone);
            driver.device.driverFeatures(1, 1);
            driver.device.status(11);
            assertThat(driver.device.status()).isEqualTo(3);
        }
    }

    private long status() {
        return driver.device.readConfiguration(6, 2);
    }

    /** As tcpdump shows one of QEMU's: "Reverse ARP (0x8035), Request who-is 52:54:00:12:34:56 tell 52:54:00:12:34:56, length 46". */
    @Test
    void aCardThatHasMovedSendsAFrameFromItsAddress() {
        start(Style.PLAIN, 0);
        card.announce(true);
        assertThat(HexFormat.of().formatHex(link.sent().getFirst().bytes())).isEqualTo("ffffffffffff" + "525400123456" + "8035"
                + "0001080006040003" + "525400123456" + "00000000" + "525400123456" + "00000000" + "00".repeat(18));
        assertThat(status()).as("the driver knows nothing of announcements").isEqualTo(1);
        assertThat(driver.configurationChanges()).isZero();
    }

    @Test
    void theAddressIsThatWhichTheDriverHasSet() {
        start(Style.PLAIN, CTRL_VQ | CTRL_MAC_ADDR);
        command(1, 1, OTHER);
        card.announce(true);
        assertThat(Arrays.copyOfRange(link.sent().getFirst().bytes(), 6, 12)).isEqualTo(OTHER);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aDriverThatCanIsAskedToAnnounceItselfUntilItHas(Style style) {
        start(style, CTRL_VQ | GUEST_ANNOUNCE);
        assertThat(status()).isEqualTo(1);
        assertThat(command(3, 0)).as("nobody asked").isEqualTo(1);
        card.announce(false);
        assertThat(link.sent()).hasSize(1);
        assertThat(driver.configurationChanges()).isZero();
        assertThat(status()).isEqualTo(1);
        card.announce(true);
        assertThat(driver.configurationChanges()).isEqualTo(1);
        assertThat(status()).isEqualTo(3);
        assertThat(command(3, 1)).as("no command").isEqualTo(1);
        assertThat(command(3, 0)).isZero();
        assertThat(status()).isEqualTo(1);
        card.announce(true);
        driver.start(CTRL_VQ);
        assertThat(status()).as("after a reset").isEqualTo(1);
        assertThat(command(3, 0)).as("not negotiated").isEqualTo(1);
    }

    @Test
    void withoutADriverThereIsNothingToAnnounce() {
        start(Style.PLAIN, 0);
        driver.device.status(0);
        card.announce(true);
        assertThat(link.sent()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void buffersThatCannotBeAreFaults(Style style) {
        start(style, 0);
        driver.offer(1, List.of(new byte[11]), List.of());
        assertThat(driver.awaitFailure()).contains("queue 1: a buffer has 11 bytes where 12 are needed");
        driver.start(0);
        driver.offer(0, List.of(), List.of(11));
        link.deliver(frame(OWN, 60));
        assertThat(driver.awaitFailure()).contains("queue 0: a buffer for frames has no room for a header");
    }
}
