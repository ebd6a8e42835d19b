package org.lodgevm.devices.virtio.console;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.lodgevm.devices.virtio.queue.GuestBuffer;

/** What driver and device say about ports. @virtio 5.3.6.2 */
record ControlMessage(int port, int event, int value, byte[] more) {
    static final int DEVICE_READY = 0;
    static final int DEVICE_ADD = 1;
    static final int PORT_READY = 3;
    static final int CONSOLE_PORT = 4;
    static final int RESIZE = 5;
    static final int PORT_OPEN = 6;
    static final int PORT_NAME = 7;

    private static final int SIZE = 8;
    private static final int EVENT = 4;
    private static final int VALUE = 6;

    static ControlMessage of(int port, int event, int value) {
        return new ControlMessage(port, event, value, new byte[0]);
    }

    static ControlMessage name(int port, String name) {
        return new ControlMessage(port, PORT_NAME, 1, name.getBytes(StandardCharsets.UTF_8));
    }

    static ControlMessage size(int port, int columns, int rows) {
        byte[] size = ByteBuffer.allocate(2 * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) columns).putShort((short) rows).array();
        return new ControlMessage(port, RESIZE, 1, size);
    }

    /** @throws org.lodgevm.devices.virtio.queue.QueueFault if it is too short */
    static ControlMessage read(GuestBuffer from) {
        ByteBuffer bytes = ByteBuffer.wrap(from.read(SIZE)).order(ByteOrder.LITTLE_ENDIAN);
        return of(bytes.getInt(0), bytes.getShort(EVENT), bytes.getShort(VALUE));
    }

    byte[] bytes() {
        return ByteBuffer.allocate(SIZE + more.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(port).putShort((short) event).putShort((short) value).put(more).array();
    }
}
