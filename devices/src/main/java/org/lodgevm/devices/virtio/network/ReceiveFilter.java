package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.lodgevm.net.packet.MacAddress;

/** Which frames the driver wants. Until it says so, all. @virtio 5.1.6.5.1, 5.1.6.5.2, 5.1.6.5.3 */
final class ReceiveFilter {
    /** What the driver can turn on and off, by the number of the command. */
    enum Mode {
        PROMISC,
        ALLMULTI,
        ALLUNI,
        NOMULTI,
        NOUNI,
        NOBCAST
    }

    private static final class State {
        MacAddress own;
        final BitSet modes = new BitSet();
        final Set<MacAddress> unicast = new HashSet<>();
        final Set<MacAddress> multicast = new HashSet<>();
        final BitSet vlans = new BitSet();
        /** Tagged frames pass by {@link #vlans} only. */
        boolean vlanFilter;
    }

    private static final int TYPE = 12;
    private static final int TAG = 14;
    private static final int TAG_END = 16;
    private static final int VLAN_TAGGED = 0x8100;
    private static final int VLAN_ID = 0xfff;

    private final State state = new State();

    ReceiveFilter(MacAddress own) {
        reset(own);
    }

    synchronized void reset(MacAddress own) {
        state.own = own;
        state.modes.clear();
        state.modes.set(Mode.PROMISC.ordinal());
        state.unicast.clear();
        state.multicast.clear();
        state.vlans.clear();
        state.vlanFilter = false;
    }

    synchronized MacAddress own() {
        return state.own;
    }

    synchronized void own(MacAddress own) {
        state.own = own;
    }

    synchronized void mode(Mode mode, boolean on) {
        state.modes.set(mode.ordinal(), on);
    }

    private boolean is(Mode mode) {
        return state.modes.get(mode.ordinal());
    }

    synchronized void tables(Set<MacAddress> unicast, Set<MacAddress> multicast) {
        state.unicast.clear();
        state.unicast.addAll(unicast);
        state.multicast.clear();
        state.multicast.addAll(multicast);
    }

    synchronized void filterVlans() {
        state.vlanFilter = true;
    }

    synchronized void vlan(int id, boolean wanted) {
        state.vlans.set(id & VLAN_ID, wanted);
    }

    /** @param frame big-endian, from position to limit */
    synchronized boolean passes(ByteBuffer frame) {
        if (frame.remaining() < TAG) {
            return false;
        }
        int start = frame.position();
        boolean tagged = Short.toUnsignedInt(frame.getShort(start + TYPE)) == VLAN_TAGGED && frame.remaining() >= TAG_END;
        if (tagged && state.vlanFilter && !state.vlans.get(frame.getShort(start + TAG) & VLAN_ID)) {
            return false;
        }
        return passes(MacAddress.read(frame, start));
    }

    private boolean passes(MacAddress destination) {
        if (is(Mode.PROMISC)) {
            return true;
        } else if (destination.equals(MacAddress.BROADCAST)) {
            return !is(Mode.NOBCAST);
        } else if (destination.isGroup()) {
            return !is(Mode.NOMULTI) && (is(Mode.ALLMULTI) || state.multicast.contains(destination));
        }
        return !is(Mode.NOUNI) && (is(Mode.ALLUNI) || destination.equals(state.own) || state.unicast.contains(destination));
    }
}
