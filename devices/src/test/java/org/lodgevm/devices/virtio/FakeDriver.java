package org.lodgevm.devices.virtio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lodgevm.devices.virtio.DriverRing.Part;
import org.lodgevm.devices.virtio.queue.Virtqueue.Area;

/**
 * The driver's side of a virtio device, for tests of all of them: it negotiates, offers buffers, and waits for them as an operating system's
 * driver would, interrupts and their suppression included. Without a transport.
 */
public final class FakeDriver implements AutoCloseable {
    /** How this driver uses rings. */
    public record Style(boolean packed, boolean indirect, boolean eventIndex) {
        public static final Style PLAIN = new Style(false, false, false);

        public static List<Style> all() {
            List<Style> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(new Style((i & 1) != 0, (i & 2) != 0, (i & 4) != 0));
            }
            return all;
        }

        long features() {
            return (packed ? Feature.RING_PACKED : 0) | (indirect ? Feature.INDIRECT_DESC : 0) | (eventIndex ? Feature.EVENT_IDX : 0);
        }
    }

    /** A buffer that came back: how many bytes the device says it wrote, and all that there is room for. */
    public record Answer(int buffer, int written, byte[] bytes) {}

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    public final DriverMemory memory = new DriverMemory();
    public final List<String> log = new ArrayList<>();
    public final VirtioDevice device;
    private final Style style;
    private final Map<Integer, DriverRing> rings = new HashMap<>();
    private final Map<Integer, Map<Integer, List<Part>>> lent = new HashMap<>();
    private final Map<Integer, Integer> interrupts = new HashMap<>();
    private int configurationChanges;

    public FakeDriver(DeviceLogic.Factory factory, Style style) {
        this.style = style;
        device = new VirtioDevice("device", factory, memory.memory, new Interrupts() {
            @Override
            public void usedBuffers(int queue) {
                interrupted(queue);
            }

            @Override
            public void configurationChanged() {
                changed();
            }
        }, this::logged);
    }

    private synchronized void interrupted(int queue) {
        interrupts.merge(queue, 1, Integer::sum);
        notifyAll();
    }

    private synchronized void changed() {
        configurationChanges++;
        notifyAll();
    }

    private synchronized void logged(String line) {
        log.add(line);
        notifyAll();
    }

    // ---- initialization -------------------------------------------------------------------------------------------

    public long offered() {
        return device.offeredFeatures(0) & 0xffff_ffffL | (long) device.offeredFeatures(1) << 32;
    }

    /** All of the initialization sequence, with all queues at their largest size. @virtio 3.1.1 */
    public FakeDriver start(long features) {
        negotiate(features);
        for (int queue = 0; queue < device.queues(); queue++) {
            setUp(queue, device.queue(queue).largest());
        }
        memory.keep();
        device.status(device.status() | DeviceStatus.DRIVER_OK);
        return this;
    }

    /** Up to FEATURES_OK. */
    public void negotiate(long features) {
        device.status(0);
        device.status(DeviceStatus.ACKNOWLEDGE);
        device.status(device.status() | DeviceStatus.DRIVER);
        long chosen = features | Feature.VERSION_1 | style.features();
        device.driverFeatures(0, (int) chosen);
        device.driverFeatures(1, (int) (chosen >>> 32));
        device.status(device.status() | DeviceStatus.FEATURES_OK);
        if ((device.status() & DeviceStatus.FEATURES_OK) == 0) {
            throw new AssertionError("features 0x%x are not accepted".formatted(chosen));
        }
    }

    public void setUp(int queue, int size) {
        DriverRing ring = style.packed()
                ? new PackedDriverRing(memory, size, style.eventIndex())
                : new SplitDriverRing(memory, size, style.eventIndex());
        device.queue(queue).size(size);
        device.queue(queue).area(Area.DESCRIPTOR, ring.descriptorArea());
        device.queue(queue).area(Area.DRIVER, ring.driverArea());
        device.queue(queue).area(Area.DEVICE, ring.deviceArea());
        rings.put(queue, ring);
        lent.put(queue, new HashMap<>());
        ring.interrupts(true);
        device.enableQueue(queue);
    }

    DriverRing ring(int queue) {
        return rings.get(queue);
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    /** Offers a buffer: bytes for the device to read, then room for it to write, each element a descriptor; notifies if that is wanted. */
    public int offer(int queue, List<byte[]> out, List<Integer> in) {
        List<Part> parts = new ArrayList<>();
        for (byte[] bytes : out) {
            long at = memory.allocate(bytes.length);
            memory.bytes(at, bytes);
            parts.add(new Part(at, bytes.length, false));
        }
        for (int length : in) {
            parts.add(new Part(memory.allocate(length), length, true));
        }
        return offerParts(queue, parts);
    }

    int offerParts(int queue, List<Part> parts) {
        int buffer = rings.get(queue).offer(parts, style.indirect());
        lent.get(queue).put(buffer, parts.stream().filter(Part::writable).toList());
        notifyIfWanted(queue);
        return buffer;
    }

    private void notifyIfWanted(int queue) {
        if (rings.get(queue).notificationWanted()) {
            device.notified(queue);
        }
    }

    /** Waits for the next buffer that comes back as a driver does: looks, asks for an interrupt, looks again, sleeps. */
    public Answer await(int queue) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            int before = interrupts(queue);
            rings.get(queue).interrupts(true);
            Answer answer = take(queue);
            if (answer != null) {
                return answer;
            }
            sleep(queue, before, deadline);
        }
    }

    private synchronized void sleep(int queue, int before, long deadline) {
        try {
            while (interrupts(queue) == before) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("queue %d gives nothing back; %s".formatted(queue, log));
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next buffer that has come back, or null. */
    public Answer take(int queue) {
        DriverRing.Returned returned = rings.get(queue).take();
        if (returned == null) {
            return null;
        }
        List<Part> parts = lent.get(queue).remove(returned.buffer());
        byte[] bytes = new byte[parts.stream().mapToInt(Part::length).sum()];
        int filled = 0;
        for (Part part : parts) {
            System.arraycopy(memory.bytes(part.gpa(), part.length()), 0, bytes, filled, part.length());
            filled += part.length();
        }
        return new Answer(returned.buffer(), returned.written(), bytes);
    }

    /** One request and its answer. */
    public Answer call(int queue, List<byte[]> out, List<Integer> in) {
        offer(queue, out, in);
        return await(queue);
    }

    // ---- what the device says ---------------------------------------------------------------------------------------

    public synchronized int interrupts(int queue) {
        return interrupts.getOrDefault(queue, 0);
    }

    public synchronized int configurationChanges() {
        return configurationChanges;
    }

    /** Waits until the device has given up. @return why, as the log has it */
    public synchronized String awaitFailure() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            while ((device.status() & DeviceStatus.DEVICE_NEEDS_RESET) == 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("the device goes on as if nothing were wrong");
                }
                TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, TimeUnit.MILLISECONDS.toNanos(20)));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return log.getLast();
    }

    @Override
    public void close() {
        device.close();
        memory.memory.close();
    }
}
