package org.lodgevm.devices.virtio;

import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** @virtio 2.8.21 */
final class PackedDriverRing implements DriverRing {
    private static final int AVAIL = 1 << 7;
    private static final int USED = 1 << 15;

    private final DriverMemory memory;
    private final int size;
    private final boolean eventIndex;
    private final long ring;
    private final long driverEvent;
    private final long deviceEvent;
    private final Map<Integer, Integer> places = new HashMap<>();
    private int room;
    private int next;
    private boolean wrap = true;
    private int unnotified;
    private int nextTaken;
    private boolean takenWrap = true;
    private int lastId;

    PackedDriverRing(DriverMemory memory, int size, boolean eventIndex) {
        this.memory = memory;
        this.size = size;
        this.eventIndex = eventIndex;
        ring = memory.allocate(16L * size);
        driverEvent = memory.allocate(4);
        deviceEvent = memory.allocate(4);
        memory.bytes(ring, new byte[16 * size]);
        memory.put32(driverEvent, 0);
        memory.put32(deviceEvent, 0);
        room = size;
    }

    @Override
    public long descriptorArea() {
        return ring;
    }

    @Override
    public long driverArea() {
        return driverEvent;
    }

    @Override
    public long deviceArea() {
        return deviceEvent;
    }

    @Override
    public int room() {
        return room;
    }

    @Override
    public int offer(List<Part> parts, boolean indirect) {
        int id = lastId = lastId + 1 & 0x7fff;
        List<Part> inRing = parts;
        if (indirect) {
            long table = memory.allocate(16L * parts.size());
            for (int i = 0; i < parts.size(); i++) {
                memory.put64(table + 16L * i, parts.get(i).gpa());
                memory.put32(table + 16L * i + 8, parts.get(i).length());
                memory.put16(table + 16L * i + 14, parts.get(i).flags());
            }
            inRing = List.of(new Part(table, 16 * parts.size(), false));
        }
        int headFlags = 0;
        long head = ring + 16L * next;
        for (int i = 0; i < inRing.size(); i++) {
            long at = ring + 16L * next;
            memory.put64(at, inRing.get(i).gpa());
            memory.put32(at + 8, inRing.get(i).length());
            memory.put16(at + 12, id);
            int flags = (indirect ? Part.INDIRECT : inRing.get(i).flags())
                    | (i + 1 < inRing.size() ? Part.NEXT : 0)
                    | (wrap ? AVAIL : USED);
            if (i == 0) {
                headFlags = flags;
            } else {
                memory.put16(at + 14, flags);
            }
            if (++next == size) {
                next = 0;
                wrap = !wrap;
            }
        }
        memory.put16(head + 14, headFlags);
        places.put(id, inRing.size());
        room -= inRing.size();
        unnotified += inRing.size();
        return id;
    }

    @Override
    public Returned take() {
        long at = ring + 16L * nextTaken;
        int flags = memory.get16(at + 14);
        if ((flags & AVAIL) != 0 != takenWrap || (flags & USED) != 0 != takenWrap) {
            return null;
        }
        int id = memory.get16(at + 12);
        Integer count = places.remove(id);
        if (count == null) {
            throw new AssertionError("the device gives back buffer %d, which it does not have".formatted(id));
        }
        room += count;
        nextTaken += count;
        if (nextTaken >= size) {
            nextTaken -= size;
            takenWrap = !takenWrap;
        }
        return new Returned(id, memory.get32(at + 8));
    }

    @Override
    public boolean notificationWanted() {
        VarHandle.fullFence();
        int offered = unnotified;
        unnotified = 0;
        int flags = memory.get16(deviceEvent + 2);
        if (flags != 2) {
            return flags == 0;
        }
        int event = memory.get16(deviceEvent);
        int position = event & 0x7fff;
        if ((event & 0x8000) != 0 != wrap) {
            position -= size; // before the driver's wrap counter changed
        }
        return next - position - 1 >= 0 && next - position - 1 < offered;
    }

    @Override
    public void interrupts(boolean wanted) {
        if (wanted && eventIndex) {
            memory.put16(driverEvent, nextTaken | (takenWrap ? 0x8000 : 0));
            memory.put16(driverEvent + 2, 2);
        } else {
            memory.put16(driverEvent + 2, wanted ? 0 : 1);
        }
        VarHandle.fullFence();
    }
}
