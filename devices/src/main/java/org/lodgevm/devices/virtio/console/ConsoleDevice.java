package org.lodgevm.devices.virtio.console;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.machine.state.Restorable;

/**
 * A console with one or more ports. A driver that does not know of ports uses the first. The first port's queues come first, then those
 * for control, then all others'. @virtio 5.3
 */
public final class ConsoleDevice implements DeviceLogic, Restorable {
    /** @virtio 5.3.3 */
    private static final class Feature {
        static final long SIZE = 1;
        static final long MULTIPORT = 1 << 1;
        static final long EMERG_WRITE = 1 << 2;
    }

    /** The configuration space. @virtio 5.3.4 */
    private static final class Configuration {
        static final int SIZE = 12;
        static final int COLS = 0;
        static final int ROWS = 2;
        static final int MAX_NR_PORTS = 4;
        static final int EMERG_WR = 8;
    }

    private static final class State {
        int columns = 80;
        int rows = 25;
        /** Control messages that wait for a buffer. */
        final Deque<ControlMessage> messages = new ArrayDeque<>();
    }

    /** A limit for drivers that ask and do not listen. */
    private static final int MOST_MESSAGES = 1024;

    private static final int QUEUE_SIZE = 128;
    private static final int CONTROL_RECEIVE = 2;
    private static final int CONTROL_TRANSMIT = 3;
    private static final long DRAIN_MILLIS = 2_000;

    private final State state = new State();
    private final Driver driver;
    private final List<ConsolePort> descriptions;
    private final List<Port> ports;

    /** @param ports at least one */
    public ConsoleDevice(Driver driver, List<ConsolePort> ports) {
        this.driver = driver;
        this.descriptions = List.copyOf(ports);
        this.ports = IntStream.range(0, ports.size()).mapToObj(this::port).toList();
    }

    private Port port(int index) {
        int receive = receiveQueue(index);
        return new Port("console port " + index, descriptions.get(index), () -> driver.serve(receive), () -> driver.serve(receive + 1));
    }

    private static int receiveQueue(int port) {
        return port == 0 ? 0 : 2 * port + 2;
    }

    @Override
    public DeviceType type() {
        return DeviceType.CONSOLE;
    }

    @Override
    public long features() {
        return Feature.SIZE | Feature.MULTIPORT | Feature.EMERG_WRITE;
    }

    @Override
    public List<Integer> queueSizes() {
        return Collections.nCopies(2 * ports.size() + 2, QUEUE_SIZE);
    }

    // ---- the terminal's size --------------------------------------------------------------------------------------

    /** The first port's terminal has another size now. */
    public void resize(int columns, int rows) {
        synchronized (this) {
            state.columns = columns;
            state.rows = rows;
        }
        if (driver.has(Feature.MULTIPORT)) {
            say(ControlMessage.size(0, columns, rows));
        }
        driver.configurationChanged();
    }

    @Override
    public synchronized byte[] configuration() {
        ByteBuffer fields = ByteBuffer.allocate(Configuration.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        fields.putShort(Configuration.COLS, (short) state.columns);
        fields.putShort(Configuration.ROWS, (short) state.rows);
        fields.putInt(Configuration.MAX_NR_PORTS, ports.size());
        return fields.array();
    }

    /** A character of a driver that cannot set queues up. It works at any time. @virtio 5.3.5 */
    @Override
    public void configure(int offset, byte[] written) {
        if (offset == Configuration.EMERG_WR) {
            ports.getFirst().emergency(written[0]);
        }
    }

    /** Plugs a port into something else, in a machine that stands still. What the other end has sent and the guest not received is lost, and the reverse. */
    public void connect(int port, SerialEndpoint endpoint) {
        ports.get(port).replug(endpoint);
    }

    /** Tells the guest whether somebody is at the host's end of a port. As long as nobody says anything, somebody is. */
    public void attended(int port, boolean attended) {
        ports.get(port).attended(attended);
        if (driver.has(Feature.MULTIPORT)) {
            sayWhetherOpen(port);
        }
    }

    private void sayWhetherOpen(int port) {
        say(ControlMessage.of(port, ControlMessage.PORT_OPEN, ports.get(port).attended() ? 1 : 0));
    }

    // ---- life -------------------------------------------------------------------------------------------------------

    /** Without control messages the only port is always open. */
    @Override
    public void start() {
        if (!driver.has(Feature.MULTIPORT)) {
            ports.getFirst().open(true);
        }
    }

    @Override
    public synchronized void reset() {
        state.messages.clear();
        for (Port port : ports) {
            port.open(false);
            port.forget();
        }
    }

    /** The guest knows who was there when its state was saved. */
    @Override
    public void restored() {
        for (int i = 0; i < ports.size() && driver.has(Feature.MULTIPORT); i++) {
            sayWhetherOpen(i);
        }
    }

    @Override
    public void giveBack(int queue, Virtqueue virtqueue) {
        if (!isControl(queue) && isTransmit(queue)) {
            ports.get(portOf(queue)).giveBack(virtqueue);
        }
    }

    @Override
    public void resetQueue(int queue) {
        if (!isControl(queue) && isTransmit(queue)) {
            ports.get(portOf(queue)).forget();
        }
    }

    @Override
    public void close() {
        SerialOutput.drain(outputs(), DRAIN_MILLIS);
        ports.forEach(Port::close);
    }

    /** Where what the guest sends goes, port by port. */
    public List<SerialOutput> outputs() {
        return ports.stream().map(Port::output).toList();
    }

    // ---- queues -----------------------------------------------------------------------------------------------------

    private static boolean isControl(int queue) {
        return queue == CONTROL_RECEIVE || queue == CONTROL_TRANSMIT;
    }

    private static boolean isTransmit(int queue) {
        return queue % 2 != 0;
    }

    private static int portOf(int queue) {
        return queue < CONTROL_RECEIVE ? 0 : queue / 2 - 1;
    }

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        switch (queue) {
            case CONTROL_RECEIVE -> tell(virtqueue);
            case CONTROL_TRANSMIT -> listen(virtqueue);
            default -> {
                Port port = ports.get(portOf(queue));
                if (isTransmit(queue)) {
                    port.transmit(virtqueue);
                } else {
                    port.receive(virtqueue);
                }
            }
        }
    }

    private void listen(Virtqueue queue) {
        DescriptorChain chain;
        while ((chain = queue.poll()) != null) {
            ControlMessage message = ControlMessage.read(chain.readable());
            queue.push(chain);
            answer(message);
        }
    }

    /** @virtio 5.3.6.2 */
    private void answer(ControlMessage message) {
        boolean positive = message.value() != 0;
        if (message.event() == ControlMessage.DEVICE_READY) {
            for (int i = 0; positive && i < ports.size(); i++) {
                say(ControlMessage.of(i, ControlMessage.DEVICE_ADD, 1));
            }
        } else if (message.port() >= 0 && message.port() < ports.size()) {
            switch (message.event()) {
                case ControlMessage.PORT_READY -> {
                    if (positive) {
                        introduce(message.port());
                    }
                }
                case ControlMessage.PORT_OPEN -> {
                    if (ports.get(message.port()).open(positive)) {
                        driver.serve(receiveQueue(message.port()));
                    }
                }
                default -> {
                    // not for a device to hear
                }
            }
        }
    }

    private void introduce(int port) {
        ConsolePort description = descriptions.get(port);
        if (description.console()) {
            say(ControlMessage.of(port, ControlMessage.CONSOLE_PORT, 1));
        }
        say(ControlMessage.name(port, description.name()));
        sayWhetherOpen(port);
    }

    private void say(ControlMessage message) {
        synchronized (this) {
            if (state.messages.size() < MOST_MESSAGES) {
                state.messages.add(message);
            }
        }
        driver.serve(CONTROL_RECEIVE);
    }

    private void tell(Virtqueue queue) {
        while (!silent()) {
            DescriptorChain chain = queue.poll();
            if (chain == null) {
                return;
            }
            chain.writable().write(next().bytes());
            queue.push(chain);
        }
    }

    private synchronized boolean silent() {
        return state.messages.isEmpty();
    }

    private synchronized ControlMessage next() {
        return state.messages.remove();
    }
}
