package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.packet.MacAddress;

/** A network card. @virtio 5.1 */
public final class NetworkDevice implements DeviceLogic {
    /** The configuration space, as far as there are fields of it. @virtio 5.1.4 */
    private static final class Configuration {
        static final int SIZE = 10;
        static final int MAC = 0;
        static final int STATUS = 6;
        static final int MAX_VIRTQUEUE_PAIRS = 8;
        static final short LINK_UP = 1;
        static final short ANNOUNCE = 2;
    }

    private static final class State {
        /** Pairs of queues that the driver uses. */
        volatile int pairs = 1;

        /** What the driver left on of {@link NetworkFeature#SWITCHABLE_OFFLOADS}. */
        volatile long offloads;

        /** The driver is asked to announce itself, which it was not before a move. */
        transient volatile boolean announcing;
    }

    private static final int QUEUE_SIZE = 256;
    private static final int CONTROL_QUEUE_SIZE = 64;
    private static final byte ACK_OK = 0;
    private static final byte ACK_ERROR = 1;

    private final State state = new State();
    private final Driver driver;
    private final MacAddress mac;
    private final Link link;
    private final ReceiveFilter filter;
    private final List<ReceiveQueue> receive;
    private final List<TransmitQueue> transmit;

    /**
     * @param link is closed with the device
     * @param pairs of queues, 1 or more; as many as the machine has CPUs is best
     */
    public NetworkDevice(Driver driver, Link link, MacAddress mac, int pairs) {
        this.driver = driver;
        this.link = link;
        this.mac = mac;
        filter = new ReceiveFilter(mac);
        receive = Stream.generate(ReceiveQueue::new).limit(pairs).toList();
        transmit = Stream.generate(() -> new TransmitQueue(link)).limit(pairs).toList();
        link.connect(new FromLink());
    }

    @Override
    public DeviceType type() {
        return DeviceType.NETWORK;
    }

    @Override
    public long features() {
        return NetworkFeature.OFFERED;
    }

    @Override
    public boolean accepts(long chosen) {
        return NetworkFeature.consistent(chosen);
    }

    @Override
    public List<Integer> queueSizes() {
        return Stream.concat(Collections.nCopies(2 * receive.size(), QUEUE_SIZE).stream(), Stream.of(CONTROL_QUEUE_SIZE)).toList();
    }

    @Override
    public byte[] configuration() {
        ByteBuffer fields = ByteBuffer.allocate(Configuration.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        fields.put(Configuration.MAC, filter.own().toBytes());
        fields.putShort(Configuration.STATUS, (short) (Configuration.LINK_UP | (state.announcing ? Configuration.ANNOUNCE : 0)));
        fields.putShort(Configuration.MAX_VIRTQUEUE_PAIRS, (short) receive.size());
        return fields.array();
    }

    // ---- life -------------------------------------------------------------------------------------------------------

    @Override
    public void start() {
        state.offloads = NetworkFeature.SWITCHABLE_OFFLOADS;
        if (driver.has(NetworkFeature.CTRL_VLAN)) {
            filter.filterVlans();
        }
    }

    @Override
    public void reset() {
        state.pairs = 1;
        state.announcing = false;
        filter.reset(mac);
        transmit.forEach(TransmitQueue::forget);
        for (ReceiveQueue queue : receive) {
            queue.forget();
            if (queue.clear()) {
                link.receiveReady();
            }
        }
    }

    @Override
    public void giveBack(int queue, Virtqueue virtqueue) {
        if (!isData(queue)) {
            return;
        } else if (isTransmit(queue)) {
            transmit.get(queue / 2).giveBack(virtqueue);
        } else {
            receive.get(queue / 2).giveBack(virtqueue);
        }
    }

    @Override
    public void resetQueue(int queue) {
        if (!isData(queue)) {
            return;
        } else if (isTransmit(queue)) {
            transmit.get(queue / 2).forget();
        } else {
            receive.get(queue / 2).forget();
        }
    }

    @Override
    public void close() {
        link.close();
    }

    // ---- queues -----------------------------------------------------------------------------------------------------

    /** After the queues that the driver knows of. @virtio 5.1.2 */
    private int controlQueue() {
        return driver.has(NetworkFeature.MQ) ? 2 * receive.size() : 2;
    }

    /** Not the control queue, nor the last one, in the eyes of a driver to which the control queue is another. */
    private boolean isData(int queue) {
        return queue != controlQueue() && queue < 2 * receive.size();
    }

    private static boolean isTransmit(int queue) {
        return queue % 2 != 0;
    }

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        if (queue == controlQueue()) {
            obey(virtqueue);
        } else if (!isData(queue)) {
            return;
        } else if (isTransmit(queue)) {
            transmit.get(queue / 2).serve(virtqueue);
        } else if (receive.get(queue / 2).serve(virtqueue, driver.has(NetworkFeature.MRG_RXBUF), this::isAllowed)) {
            link.receiveReady();
        }
    }

    private boolean isAllowed(Frame frame) {
        return capabilities().cover(frame.offload());
    }

    private Capabilities capabilities() {
        return new Capabilities(
                isOn(NetworkFeature.GUEST_CSUM), isOn(NetworkFeature.GUEST_TSO4), isOn(NetworkFeature.GUEST_TSO6));
    }

    private boolean isOn(long offload) {
        return driver.has(offload) && (state.offloads & offload) != 0;
    }

    private void obey(Virtqueue queue) {
        DescriptorChain chain;
        while ((chain = queue.poll()) != null) {
            boolean done = ControlCommand.read(chain.readable()).apply(driver, new Controlled());
            chain.writable().write(done ? ACK_OK : ACK_ERROR);
            queue.push(chain);
        }
    }

    private final class Controlled implements ControlCommand.Target {
        @Override
        public ReceiveFilter filter() {
            return filter;
        }

        @Override
        public boolean pairs(int count) {
            if (count < 1 || count > receive.size()) {
                return false;
            }
            state.pairs = count;
            return true;
        }

        @Override
        public boolean announced() {
            boolean asked = state.announcing;
            state.announcing = false;
            return asked;
        }

        @Override
        public void offloads(long offloads) {
            state.offloads = offloads;
        }
    }

    // ---- announcements ----------------------------------------------------------------------------------------------

    /**
     * The card is elsewhere than it was: switches learn it from a frame that comes from its address, and a driver that can is asked to tell neighbours, whose
     * tables have addresses that only the guest knows. Nothing happens while no driver runs. @virtio 5.1.6.5.4
     *
     * @param byDriver whether to ask the driver, too
     */
    public void announce(boolean byDriver) {
        if (!driver.running()) {
            return;
        }
        link.send(Announcement.of(filter.own())); // if there is no room, a later one will do
        if (byDriver && driver.has(NetworkFeature.GUEST_ANNOUNCE)) {
            state.announcing = true;
            driver.configurationChanged();
        }
    }

    // ---- the link ---------------------------------------------------------------------------------------------------

    private final class FromLink implements Receiver {
        @Override
        public boolean receive(Frame frame) {
            if (!driver.running() || !filter.passes(frame.bytes())) {
                return true; // dropped
            }
            int pair = FlowHash.queue(frame, state.pairs);
            if (!receive.get(pair).offer(frame)) {
                return false;
            }
            driver.serve(2 * pair);
            return true;
        }

        @Override
        public void sendReady() {
            IntStream.range(0, transmit.size()).forEach(pair -> driver.serve(2 * pair + 1));
        }

        @Override
        public Capabilities capabilities() {
            return NetworkDevice.this.capabilities();
        }
    }
}
