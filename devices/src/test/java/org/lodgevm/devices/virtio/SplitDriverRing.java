package org.lodgevm.devices.virtio;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** @virtio 2.7.13 */
final class SplitDriverRing implements DriverRing {
    private final DriverMemory memory;
    private final int size;
    private final boolean eventIndex;
    private final long table;
    private final long available;
    private final long used;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Map<Integer, List<Integer>> chains = new HashMap<>();
    private int offered;
    private int notified;
    private int taken;

    SplitDriverRing(DriverMemory memory, int size, boolean eventIndex) {
        this.memory = memory;
        this.size = size;
        this.eventIndex = eventIndex;
        table = memory.allocate(16L * size);
        available = memory.allocate(6 + 2L * size);
        used = memory.allocate(6 + 8L * size);
        memory.bytes(available, new byte[6 + 2 * size]);
        memory.bytes(used, new byte[6 + 8 * size]);
        for (int i = size - 1; i >= 0; i--) {
            free.add(i); // not in their order
        }
    }

    @Override
    public long descriptorArea() {
        return table;
    }

    @Override
    public long driverArea() {
        return available;
    }

    @Override
    public long deviceArea() {
        return used;
    }

    @Override
    public int room() {
        return free.size();
    }

    @Override
    public int offer(List<Part> parts, boolean indirect) {
        List<Integer> places;
        if (indirect) {
            places = List.of(free.remove());
            long outside = memory.allocate(16L * parts.size());
            for (int i = 0; i < parts.size(); i++) {
                write(outside + 16L * i, parts.get(i), i + 1 < parts.size() ? i + 1 : -1);
            }
            memory.put64(table + 16L * places.getFirst(), outside);
            memory.put32(table + 16L * places.getFirst() + 8, 16 * parts.size());
            memory.put16(table + 16L * places.getFirst() + 12, Part.INDIRECT);
        } else {
            places = parts.stream().map(part -> free.remove()).toList();
            for (int i = 0; i < parts.size(); i++) {
                write(table + 16L * places.get(i), parts.get(i), i + 1 < parts.size() ? places.get(i + 1) : -1);
            }
        }
        int head = places.getFirst();
        chains.put(head, places);
        memory.put16(available + 4 + 2L * (offered % size), head);
        offered++;
        memory.put16(available + 2, offered);
        return head;
    }

    private void write(long at, Part part, int next) {
        memory.put64(at, part.gpa());
        memory.put32(at + 8, part.length());
        memory.put16(at + 12, part.flags() | (next < 0 ? 0 : Part.NEXT));
        memory.put16(at + 14, Math.max(0, next));
    }

    @Override
    public Returned take() {
        if (memory.get16(used + 2) == (taken & 0xffff)) {
            return null;
        }
        long entry = used + 4 + 8L * (taken++ % size);
        int head = memory.get32(entry);
        List<Integer> places = chains.remove(head);
        if (places == null) {
            throw new AssertionError("the device gives back buffer %d, which it does not have".formatted(head));
        }
        free.addAll(places);
        return new Returned(head, memory.get32(entry + 4));
    }

    @Override
    public boolean notificationWanted() {
        VarHandle.fullFence();
        int before = notified;
        notified = offered;
        if (!eventIndex) {
            return (memory.get16(used) & 1) == 0;
        }
        int event = memory.get16(used + 4 + 8L * size);
        return (offered - event - 1 & 0xffff) < (offered - before & 0xffff);
    }

    @Override
    public void interrupts(boolean wanted) {
        if (eventIndex) {
            memory.put16(available + 4 + 2L * size, wanted ? taken : taken - 1);
        } else {
            memory.put16(available, wanted ? 0 : 1);
        }
        VarHandle.fullFence();
    }
}
