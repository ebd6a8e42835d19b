package org.lodgevm.net.bridge;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.lodgevm.net.packet.MacAddress;

/** Behind which port an address was seen last. When it is full, the address seen longest ago is forgotten. */
final class MacTable {
    private record Entry(SwitchPort port, long seen) {}

    private final int limit;
    private final long ageing;
    private final LongSupplier clock;
    /** In the order in which they were seen. */
    private final Map<MacAddress, Entry> entries = new LinkedHashMap<>();

    MacTable(int limit, long ageing, LongSupplier clock) {
        this.limit = limit;
        this.ageing = ageing;
        this.clock = clock;
    }

    synchronized void learn(MacAddress address, SwitchPort port) {
        long now = clock.getAsLong();
        Entry entry = entries.get(address);
        if (entry != null && entry.port.equals(port) && now - entry.seen < ageing / 2) {
            return; // recent enough not to be moved to the end for every frame
        }
        entries.remove(address);
        if (entries.size() >= limit) {
            entries.remove(entries.keySet().iterator().next());
        }
        entries.put(address, new Entry(port, now));
    }

    /** @return null if it is not known */
    synchronized SwitchPort find(MacAddress address) {
        Entry entry = entries.get(address);
        if (entry == null || clock.getAsLong() - entry.seen > ageing) {
            return null;
        }
        return entry.port;
    }

    synchronized void forget(SwitchPort port) {
        entries.values().removeIf(entry -> entry.port.equals(port));
    }

    synchronized int size() {
        return entries.size();
    }
}
