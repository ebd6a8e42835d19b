package org.lodgevm.net.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.MacAddress;

class VirtualSwitchTest {
    private final VirtualSwitch fabric = new VirtualSwitch();

    @AfterEach
    void close() {
        fabric.close();
    }

    /** A machine with a card. */
    private static final class Station implements Receiver {
        final LinkedBlockingQueue<Integer> received = new LinkedBlockingQueue<>();
        final MacAddress mac;
        final Link link;
        volatile boolean stuck;

        Station(VirtualSwitch fabric, int number) {
            mac = new MacAddress(0x5254_0000_0000L + number);
            link = fabric.port();
            link.connect(this);
        }

        @Override
        public boolean receive(Frame frame) {
            if (!stuck) {
                received.add(frame.bytes().getInt(Ethernet.HEADER_SIZE));
            }
            return !stuck;
        }

        void send(MacAddress to, int content) {
            ByteBuffer bytes = ByteBuffer.allocate(60);
            Ethernet.write(bytes, 0, to, mac, Ethernet.IPV4);
            link.send(new Frame(bytes.putInt(Ethernet.HEADER_SIZE, content)));
        }

        Integer next() throws InterruptedException {
            return received.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void unknownAddressesAreFloodedAndKnownOnesAreNot() throws InterruptedException {
        Station one = new Station(fabric, 1);
        Station two = new Station(fabric, 2);
        Station three = new Station(fabric, 3);
        one.send(two.mac, 1);
        assertThat(two.next()).isEqualTo(1);
        assertThat(three.next()).isEqualTo(1);
        two.send(one.mac, 2);
        assertThat(one.next()).isEqualTo(2);
        one.send(two.mac, 3);
        one.send(MacAddress.BROADCAST, 4);
        assertThat(two.next()).isEqualTo(3);
        assertThat(two.next()).isEqualTo(4);
        assertThat(three.next()).isEqualTo(4);
        assertThat(one.received).isEmpty();
    }

    @Test
    void aStuckStationHoldsUpNobody() throws InterruptedException {
        Station one = new Station(fabric, 1);
        Station two = new Station(fabric, 2);
        Station stuck = new Station(fabric, 3);
        stuck.stuck = true;
        for (int i = 0; i < 5000; i++) {
            one.send(MacAddress.BROADCAST, i);
            assertThat(two.next()).isEqualTo(i);
        }
        stuck.stuck = false;
        stuck.link.receiveReady();
        for (int i = 0; i < 1000; i++) {
            assertThat(stuck.next()).isEqualTo(i);
        }
        assertThat(((SwitchPort) stuck.link).dropped()).isEqualTo(5000 - 1024);
    }

    @Test
    void aStationThatMovesIsFoundAgain() throws InterruptedException {
        Station one = new Station(fabric, 1);
        Station two = new Station(fabric, 2);
        two.send(one.mac, 0);
        assertThat(one.next()).isZero();
        two.link.close();
        Station moved = new Station(fabric, 2);
        one.send(moved.mac, 1);
        assertThat(moved.next()).isEqualTo(1);
    }

    @Test
    void theTableIsBoundedAndForgetsTheOldest() {
        AtomicLong now = new AtomicLong();
        MacTable table = new MacTable(4, 100, now::get);
        SwitchPort port = new SwitchPort(fabric);
        for (int i = 0; i < 1000; i++) {
            table.learn(new MacAddress(i), port);
        }
        assertThat(table.size()).isEqualTo(4);
        assertThat(table.find(new MacAddress(995))).isNull();
        assertThat(table.find(new MacAddress(999))).isSameAs(port);
        now.set(101);
        assertThat(table.find(new MacAddress(999))).isNull();
    }
}
