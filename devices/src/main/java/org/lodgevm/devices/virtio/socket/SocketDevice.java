package org.lodgevm.devices.virtio.socket;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.QueueFault;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.devices.virtio.socket.PacketHeader.Ports;
import org.lodgevm.machine.state.Restorable;

/** Streams between guest and host. @virtio 5.10 */
public final class SocketDevice implements DeviceLogic, Restorable {
    /** By which guests address the host. */
    public static final long HOST_CID = 2;

    private static final class State {
        /** In the order in which they get their turn. */
        final transient Map<Ports, Connection> connections = new LinkedHashMap<>();

        /** Answers to packets of no connection. */
        final transient Deque<PacketHeader> refusals = new ArrayDeque<>();
        /** A buffer for the next packet; the receive queue's worker has it. */
        transient DescriptorChain held;

        int nextPort = FIRST_PORT;
        /** The guest has connections that we know nothing of, and is to be told. */
        transient volatile boolean transportReset;
    }

    /** @virtio 5.10.3 */
    private static final long STREAM = 1;

    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int EVENT = 2;
    /** VIRTIO_VSOCK_EVENT_TRANSPORT_RESET, a little-endian word. */
    private static final byte[] TRANSPORT_RESET = new byte[Integer.BYTES];

    private static final int QUEUE_SIZE = 128;
    private static final int FIRST_PORT = 1 << 30;
    private static final int MOST_CONNECTIONS = 1024;
    private static final int MOST_REFUSALS = 256;
    private static final int LARGEST_PACKET = 1 << 16;

    private final State state = new State();
    private final Driver driver;
    private final long guestCid;
    /** Connections whose listeners have not come to an end. The guest may have dropped them. */
    private final AtomicInteger attended = new AtomicInteger();

    private final Map<Integer, SocketListener> listeners = new ConcurrentHashMap<>();
    private final AtomicReference<IntFunction<SocketListener>> others = new AtomicReference<>(port -> null);

    /** @param guestCid by which the host tells guests apart: 3 or more */
    public SocketDevice(Driver driver, long guestCid) {
        if (guestCid <= HOST_CID || guestCid >= 0xffff_ffffL) {
            throw new IllegalArgumentException("a guest's context id is 3 to 4294967294, not " + guestCid);
        }
        this.driver = driver;
        this.guestCid = guestCid;
    }

    @Override
    public DeviceType type() {
        return DeviceType.SOCKET;
    }

    @Override
    public long features() {
        return STREAM;
    }

    @Override
    public List<Integer> queueSizes() {
        return List.of(QUEUE_SIZE, QUEUE_SIZE, QUEUE_SIZE);
    }

    @Override
    public byte[] configuration() {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(guestCid).array();
    }

    // ---- the host's side ------------------------------------------------------------------------------------------

    /** Takes the guest's connections to a port from now on; null for not any more. */
    public void listen(int port, SocketListener listener) {
        if (listener == null) {
            listeners.remove(port);
        } else {
            listeners.put(port, listener);
        }
    }

    /** Asks from now on who takes a connection to a port to which nobody listens; null refuses it. On the guest's behalf: returns at once. */
    public void listenElsewhere(IntFunction<SocketListener> byPort) {
        others.set(byPort);
    }

    /** Connects to a port on which a program in the guest listens. Waits for its answer. */
    public SocketStream connect(int port) throws IOException {
        Connection connection;
        synchronized (this) {
            if (!driver.running()) {
                throw new IOException("the guest has no driver for sockets yet");
            }
            if (state.connections.size() >= MOST_CONNECTIONS) {
                throw new IOException("there are %d connections to the guest already".formatted(MOST_CONNECTIONS));
            }
            connection = Connection.requested(new Ports(freePort(port), port), this::haveWork);
            state.connections.put(connection.ports(), connection);
        }
        haveWork();
        connection.awaitEstablished();
        return connection;
    }

    private int freePort(int guestPort) {
        while (state.connections.containsKey(new Ports(state.nextPort, guestPort))) {
            state.nextPort++;
        }
        return state.nextPort++;
    }

    private void haveWork() {
        driver.serve(RECEIVE);
    }

    // ---- the guest's side -------------------------------------------------------------------------------------------

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        switch (queue) {
            case RECEIVE -> send(virtqueue);
            case TRANSMIT -> receive(virtqueue);
            case EVENT -> tell(virtqueue);
            default -> throw new IllegalArgumentException("queue " + queue);
        }
    }

    /** @virtio 5.10.6.7 */
    private void tell(Virtqueue queue) {
        DescriptorChain chain = state.transportReset ? queue.poll() : null;
        if (chain != null) {
            chain.writable().write(TRANSPORT_RESET);
            queue.push(chain);
            state.transportReset = false;
        }
    }

    private void receive(Virtqueue queue) {
        DescriptorChain chain;
        while ((chain = queue.poll()) != null) {
            PacketHeader header = PacketHeader.read(chain.readable());
            if (header.length() < 0 || header.length() > LARGEST_PACKET || header.length() > chain.readable().remaining()) {
                throw new QueueFault("a packet says that it has %s bytes".formatted(Integer.toUnsignedString(header.length())));
            }
            ByteBuffer data = ByteBuffer.wrap(chain.readable().read(header.length()));
            queue.push(chain);
            handle(header, data);
            haveWork();
        }
    }

    /** Packets for others than the host are dropped. @virtio 5.10.6.4.1 */
    private void handle(PacketHeader header, ByteBuffer data) {
        if (header.destinationCid() != HOST_CID || header.sourceCid() != guestCid) {
            return;
        }
        Connection connection;
        synchronized (this) {
            connection = state.connections.get(header.ports());
        }
        boolean stream = header.type() == PacketHeader.TYPE_STREAM;
        if (header.operation() == PacketHeader.RESET) {
            drop(connection);
        } else if (connection != null) {
            if (!stream || !connection.receive(header, data)) {
                drop(connection);
                refuse(header);
            }
        } else if (!stream || header.operation() != PacketHeader.REQUEST || !accept(header)) {
            refuse(header);
        }
    }

    private boolean accept(PacketHeader header) {
        SocketListener own = listeners.get(header.destinationPort());
        SocketListener listener = own != null ? own : others.get().apply(header.destinationPort());
        if (listener == null) {
            return false;
        }
        Connection connection = Connection.accepted(header, this::haveWork);
        synchronized (this) {
            if (state.connections.size() >= MOST_CONNECTIONS || attended.get() >= MOST_CONNECTIONS) {
                return false;
            }
            attended.incrementAndGet();
            state.connections.put(connection.ports(), connection);
        }
        Thread.ofVirtual().name("vsock port " + header.destinationPort()).start(() -> attend(listener, connection));
        return true;
    }

    private void attend(SocketListener listener, Connection connection) {
        try {
            listener.connected(connection);
        } finally {
            attended.decrementAndGet();
        }
    }

    private void drop(Connection connection) {
        if (connection != null) {
            connection.end();
            forget(connection);
        }
    }

    private synchronized void forget(Connection connection) {
        state.connections.remove(connection.ports(), connection);
    }

    private synchronized void refuse(PacketHeader header) {
        if (state.refusals.size() < MOST_REFUSALS) {
            state.refusals.add(new PacketHeader(
                    HOST_CID, guestCid, header.destinationPort(), header.sourcePort(), 0, header.type(), PacketHeader.RESET, 0, 0, 0));
        }
    }

    // ---- to the guest -----------------------------------------------------------------------------------------------

    private void send(Virtqueue queue) {
        ByteBuffer data = ByteBuffer.allocate(LARGEST_PACKET);
        while (true) {
            if (state.held == null) {
                state.held = queue.poll();
            }
            if (state.held == null) {
                return;
            }
            long room = state.held.writable().remaining() - PacketHeader.SIZE;
            if (room <= 0) {
                throw new QueueFault("a buffer for packets has no room for data");
            }
            PacketHeader header = next(data.clear().slice(0, (int) Math.min(room, LARGEST_PACKET)));
            if (header == null) {
                return;
            }
            state.held.writable().write(header.bytes());
            state.held.writable().write(MemorySegment.ofArray(data.array()).asSlice(0, header.length()));
            queue.push(state.held);
            state.held = null;
        }
    }

    /** Connections take turns. */
    private PacketHeader next(ByteBuffer data) {
        PacketHeader refusal = nextRefusal();
        if (refusal != null) {
            return refusal;
        }
        for (Connection connection : connections()) {
            PacketHeader header = connection.next(guestCid, data);
            if (connection.isOver()) {
                forget(connection);
            } else if (header != null) {
                moveToEnd(connection);
            }
            if (header != null) {
                return header;
            }
        }
        return null;
    }

    private synchronized PacketHeader nextRefusal() {
        return state.refusals.poll();
    }

    private synchronized void moveToEnd(Connection connection) {
        if (state.connections.remove(connection.ports(), connection)) {
            state.connections.put(connection.ports(), connection);
        }
    }

    /** The guest forgets its connections, and so do we. */
    @Override
    public void reset() {
        connections().forEach(this::drop);
        state.held = null;
        state.transportReset = false;
        synchronized (this) {
            state.refusals.clear();
        }
    }

    /** Our ends of the guest's connections are in the process that was saved, if it still is. */
    @Override
    public void restored() {
        connections().forEach(this::drop);
        state.transportReset = true;
    }

    @Override
    public void giveBack(int queue, Virtqueue virtqueue) {
        if (queue == RECEIVE && state.held != null) {
            virtqueue.unpoll(state.held);
            state.held = null;
        }
    }

    @Override
    public void resetQueue(int queue) {
        if (queue == RECEIVE) {
            state.held = null;
        }
    }

    private synchronized List<Connection> connections() {
        return new ArrayList<>(state.connections.values());
    }
}
