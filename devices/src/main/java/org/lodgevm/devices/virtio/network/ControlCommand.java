package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.network.ReceiveFilter.Mode;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.net.packet.MacAddress;

/**
 * A command on the control queue.
 *
 * @param data what follows its first two bytes, little-endian
 * @virtio 5.1.6.5
 */
record ControlCommand(int commandClass, int command, ByteBuffer data) {
    private static final int HEADER = 2;
    /** No command has more. Tables of 4,096 addresses fit. */
    private static final int LONGEST = 1 << 15;

    private static final int RX = 0;
    private static final int MAC = 1;
    private static final int MAC_TABLE_SET = 0;
    private static final int MAC_ADDR_SET = 1;
    private static final int VLAN = 2;
    private static final int VLAN_ADD = 0;
    private static final int VLAN_DEL = 1;
    private static final int ANNOUNCE = 3;
    private static final int ANNOUNCE_ACK = 0;
    private static final int MQ = 4;
    private static final int MQ_VQ_PAIRS_SET = 0;
    private static final int GUEST_OFFLOADS = 5;
    private static final int GUEST_OFFLOADS_SET = 0;

    /** What commands change. */
    interface Target {
        ReceiveFilter filter();

        /** @return false if it cannot have so many */
        boolean pairs(int count);

        /** The driver has announced itself. @return false if it was not asked to */
        boolean announced();

        /** @param offloads some of {@link NetworkFeature#SWITCHABLE_OFFLOADS} */
        void offloads(long offloads);
    }

    static ControlCommand read(GuestBuffer from) {
        byte[] header = from.read(HEADER);
        byte[] data = from.read((int) Math.min(LONGEST, from.remaining()));
        return new ControlCommand(header[0] & 0xff, header[1] & 0xff, ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** @return whether it made sense, in view of the features negotiated */
    boolean apply(Driver driver, Target target) {
        return switch (commandClass) {
            case RX -> driver.has(command < Mode.ALLUNI.ordinal() ? NetworkFeature.CTRL_RX : NetworkFeature.CTRL_RX_EXTRA)
                    && mode(target.filter());
            case MAC -> switch (command) {
                case MAC_TABLE_SET -> driver.has(NetworkFeature.CTRL_RX) && tables(target.filter());
                case MAC_ADDR_SET -> driver.has(NetworkFeature.CTRL_MAC_ADDR) && address(target.filter());
                default -> false;
            };
            case VLAN -> driver.has(NetworkFeature.CTRL_VLAN) && vlan(target.filter());
            case ANNOUNCE -> command == ANNOUNCE_ACK && driver.has(NetworkFeature.GUEST_ANNOUNCE) && target.announced();
            case MQ -> command == MQ_VQ_PAIRS_SET && driver.has(NetworkFeature.MQ) && data.remaining() == Short.BYTES
                    && target.pairs(Short.toUnsignedInt(data.getShort(0)));
            case GUEST_OFFLOADS -> driver.has(NetworkFeature.CTRL_GUEST_OFFLOADS) && offloads(driver, target);
            default -> false;
        };
    }

    private boolean mode(ReceiveFilter filter) {
        Mode[] modes = Mode.values();
        if (command >= modes.length || data.remaining() != 1) {
            return false;
        }
        filter.mode(modes[command], data.get(0) != 0);
        return true;
    }

    private boolean address(ReceiveFilter filter) {
        if (data.remaining() != MacAddress.SIZE) {
            return false;
        }
        filter.own(nextAddress());
        return true;
    }

    private boolean tables(ReceiveFilter filter) {
        Set<MacAddress> unicast = table();
        Set<MacAddress> multicast = table();
        if (unicast == null || multicast == null) {
            return false;
        }
        filter.tables(unicast, multicast);
        return true;
    }

    /** @return null if it is not all there */
    private Set<MacAddress> table() {
        if (data.remaining() < Integer.BYTES) {
            return null;
        }
        long count = Integer.toUnsignedLong(data.getInt());
        if (count * MacAddress.SIZE > data.remaining()) {
            return null;
        }
        Set<MacAddress> table = new HashSet<>();
        for (int i = 0; i < count; i++) {
            table.add(nextAddress());
        }
        return table;
    }

    private MacAddress nextAddress() {
        byte[] bytes = new byte[MacAddress.SIZE];
        data.get(bytes);
        return MacAddress.read(ByteBuffer.wrap(bytes), 0);
    }

    private boolean vlan(ReceiveFilter filter) {
        if (data.remaining() != Short.BYTES || command != VLAN_ADD && command != VLAN_DEL) {
            return false;
        }
        filter.vlan(data.getShort(0), command == VLAN_ADD);
        return true;
    }

    private boolean offloads(Driver driver, Target target) {
        if (command != GUEST_OFFLOADS_SET || data.remaining() != Long.BYTES) {
            return false;
        }
        long wanted = data.getLong(0);
        if ((wanted & ~NetworkFeature.SWITCHABLE_OFFLOADS) != 0) {
            return false;
        }
        for (long bit = Long.lowestOneBit(wanted); bit != 0; bit = Long.lowestOneBit(wanted & ~(bit | bit - 1))) {
            if (!driver.has(bit)) {
                return false;
            }
        }
        target.offloads(wanted);
        return true;
    }
}
