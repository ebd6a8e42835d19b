package org.lodgevm.devices.virtio.transport;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.VirtioDevice;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.devices.virtio.queue.Virtqueue.Area;
import org.lodgevm.machine.Doorbell;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/** A virtio device as registers in memory, with one level-triggered interrupt. A guest must be told where it is. @virtio 4.2 */
public final class VirtioMmio implements IoRegion {
    public static final int SIZE = 0x1000;

    private static final class State {
        int deviceFeaturesSel;
        int driverFeaturesSel;
        int queueSel;
    }

    /** "virt", little-endian. */
    private static final int MAGIC = 0x7472_6976;

    private static final int NOT_LEGACY = 2;
    /** "LDGE", little-endian. */
    private static final int VENDOR = 0x4547_444c;

    /** What reading length and base of a shared memory region that is not there gives. */
    private static final int NO_REGION = -1;

    private final State state = new State();
    private final MmioInterrupt interrupt;
    private final VirtioDevice device;
    private final List<Doorbell> doorbells;

    public VirtioMmio(IrqLine line, String name, DeviceLogic.Factory factory, GuestMemory memory, Consumer<String> log) {
        interrupt = new MmioInterrupt(line);
        device = new VirtioDevice(name, factory, memory, interrupt, log);
        doorbells = IntStream.range(0, device.queues())
                .mapToObj(queue -> new Doorbell(MmioRegister.QUEUE_NOTIFY.offset(), Integer.BYTES, queue, () -> device.notified(queue)))
                .toList();
    }

    @Override
    public List<Doorbell> doorbells() {
        return doorbells;
    }

    public VirtioDevice device() {
        return device;
    }

    /** As after power-up. */
    public void reset() {
        device.reset();
        interrupt.reset();
    }

    @Override
    public long read(long offset, int size) {
        if (offset >= MmioRegister.CONFIG) {
            return device.readConfiguration(offset - MmioRegister.CONFIG, size);
        }
        MmioRegister register = MmioRegister.of(offset, size);
        return register == null ? 0 : read(register) & 0xffff_ffffL;
    }

    private synchronized int read(MmioRegister register) {
        return switch (register) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION -> NOT_LEGACY;
            case DEVICE_ID -> device.type().id();
            case VENDOR_ID -> VENDOR;
            case DEVICE_FEATURES -> device.offeredFeatures(state.deviceFeaturesSel);
            case INTERRUPT_STATUS -> interrupt.status();
            case STATUS -> device.status();
            case CONFIG_GENERATION -> device.configurationGeneration();
            case SHM_LEN_LOW, SHM_LEN_HIGH, SHM_BASE_LOW, SHM_BASE_HIGH -> NO_REGION;
            default -> {
                Virtqueue queue = device.queue(state.queueSel);
                yield queue == null ? 0 : read(register, queue);
            }
        };
    }

    /** What else there is can only be written. */
    private static int read(MmioRegister register, Virtqueue queue) {
        return switch (register) {
            case QUEUE_NUM_MAX -> queue.largest();
            case QUEUE_READY -> queue.ready() ? 1 : 0;
            default -> 0;
        };
    }

    @Override
    public void write(long offset, int size, long value) {
        if (offset >= MmioRegister.CONFIG) {
            device.writeConfiguration(offset - MmioRegister.CONFIG, size, value);
            return;
        }
        MmioRegister register = MmioRegister.of(offset, size);
        if (register == MmioRegister.QUEUE_NOTIFY) {
            device.notified((int) value);
        } else if (register != null) {
            write(register, (int) value);
        }
    }

    private synchronized void write(MmioRegister register, int value) {
        switch (register) {
            case DEVICE_FEATURES_SEL -> state.deviceFeaturesSel = value;
            case DRIVER_FEATURES -> device.driverFeatures(state.driverFeaturesSel, value);
            case DRIVER_FEATURES_SEL -> state.driverFeaturesSel = value;
            case QUEUE_SEL -> state.queueSel = value;
            case INTERRUPT_ACK -> interrupt.acknowledge(value);
            case STATUS -> status(value);
            default -> {
                Virtqueue queue = device.queue(state.queueSel);
                if (queue != null) {
                    write(register, queue, value);
                }
            }
        }
    }

    private void status(int value) {
        device.status(value);
        if (value == 0) {
            interrupt.reset();
        }
    }

    private void write(MmioRegister register, Virtqueue queue, int value) {
        switch (register) {
            case QUEUE_NUM -> queue.size(value);
            case QUEUE_DESC_LOW -> queue.areaHalf(Area.DESCRIPTOR, false, value);
            case QUEUE_DESC_HIGH -> queue.areaHalf(Area.DESCRIPTOR, true, value);
            case QUEUE_DRIVER_LOW -> queue.areaHalf(Area.DRIVER, false, value);
            case QUEUE_DRIVER_HIGH -> queue.areaHalf(Area.DRIVER, true, value);
            case QUEUE_DEVICE_LOW -> queue.areaHalf(Area.DEVICE, false, value);
            case QUEUE_DEVICE_HIGH -> queue.areaHalf(Area.DEVICE, true, value);
            case QUEUE_READY -> {
                if (value == 1) {
                    device.enableQueue(state.queueSel);
                } else if (value == 0 && queue.ready()) {
                    device.resetQueue(state.queueSel);
                }
            }
            case QUEUE_RESET -> {
                if (value == 1) {
                    device.resetQueue(state.queueSel);
                }
            }
            default -> {
                // read-only
            }
        }
    }
}
