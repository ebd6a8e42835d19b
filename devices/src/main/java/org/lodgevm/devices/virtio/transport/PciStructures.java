package org.lodgevm.devices.virtio.transport;

import java.util.List;
import java.util.stream.IntStream;
import org.lodgevm.devices.virtio.VirtioDevice;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.devices.virtio.queue.Virtqueue.Area;
import org.lodgevm.machine.Doorbell;
import org.lodgevm.machine.IoRegion;

/** The structures of a PCI function, a page each: common configuration, interrupt status, device-specific configuration, notifications. */
final class PciStructures implements IoRegion {
    static final int COMMON = 0x0000;
    static final int ISR = 0x1000;
    static final int ISR_LENGTH = 1;
    static final int DEVICE = 0x2000;
    static final int NOTIFY = 0x3000;
    static final int PAGE = 0x1000;
    static final int SIZE = 0x4000;
    /** Each queue has an address of its own for notifications. */
    static final int NOTIFY_OFF_MULTIPLIER = 4;

    private static final class State {
        int deviceFeatureSelect;
        int driverFeatureSelect;
        int queueSelect;
    }

    private final State state = new State();
    private final VirtioDevice device;
    private final PciInterrupts interrupts;
    private final List<Doorbell> doorbells;

    PciStructures(VirtioDevice device, PciInterrupts interrupts) {
        this.device = device;
        this.interrupts = interrupts;
        doorbells = IntStream.range(0, device.queues())
                .mapToObj(queue -> Doorbell.onAnyWrite(NOTIFY + queue * NOTIFY_OFF_MULTIPLIER, () -> device.notified(queue)))
                .toList();
    }

    @Override
    public List<Doorbell> doorbells() {
        return doorbells;
    }

    @Override
    public long read(long offset, int size) {
        int within = (int) offset % PAGE;
        return switch ((int) offset - within) {
            case COMMON -> {
                CommonRegister register = CommonRegister.read(within, size);
                yield register == null ? 0 : read(register) & -1L >>> Long.SIZE - Byte.SIZE * size;
            }
            case ISR -> within == 0 ? interrupts.takeIsr() : 0;
            case DEVICE -> device.readConfiguration(within, size);
            default -> 0;
        };
    }

    @Override
    public void write(long offset, int size, long value) {
        int within = (int) offset % PAGE;
        switch ((int) offset - within) {
            case COMMON -> {
                CommonRegister register = CommonRegister.written(within, size);
                if (register != null) {
                    write(register, (int) value);
                }
            }
            case DEVICE -> device.writeConfiguration(within, size, value);
            case NOTIFY -> device.notified(within / NOTIFY_OFF_MULTIPLIER);
            default -> {
                // the interrupt status is read-only
            }
        }
    }

    private synchronized long read(CommonRegister register) {
        return switch (register) {
            case DEVICE_FEATURE_SELECT -> state.deviceFeatureSelect;
            case DEVICE_FEATURE -> device.offeredFeatures(state.deviceFeatureSelect);
            case DRIVER_FEATURE_SELECT -> state.driverFeatureSelect;
            case DRIVER_FEATURE -> device.driverFeatures(state.driverFeatureSelect);
            case CONFIG_MSIX_VECTOR -> interrupts.configurationVector();
            case NUM_QUEUES -> device.queues();
            case DEVICE_STATUS -> device.status();
            case CONFIG_GENERATION -> device.configurationGeneration();
            case QUEUE_SELECT -> state.queueSelect;
            default -> {
                Virtqueue queue = device.queue(state.queueSelect);
                yield queue == null ? 0 : read(register, queue);
            }
        };
    }

    private long read(CommonRegister register, Virtqueue queue) {
        return switch (register) {
            case QUEUE_SIZE -> queue.size();
            case QUEUE_MSIX_VECTOR -> interrupts.queueVector(state.queueSelect);
            case QUEUE_ENABLE -> queue.ready() ? 1 : 0;
            case QUEUE_NOTIFY_OFF, QUEUE_NOTIFY_DATA -> state.queueSelect;
            case QUEUE_DESC_LOW -> queue.area(Area.DESCRIPTOR);
            case QUEUE_DESC_HIGH -> queue.area(Area.DESCRIPTOR) >>> Integer.SIZE;
            case QUEUE_DRIVER_LOW -> queue.area(Area.DRIVER);
            case QUEUE_DRIVER_HIGH -> queue.area(Area.DRIVER) >>> Integer.SIZE;
            case QUEUE_DEVICE_LOW -> queue.area(Area.DEVICE);
            case QUEUE_DEVICE_HIGH -> queue.area(Area.DEVICE) >>> Integer.SIZE;
            default -> 0; // QUEUE_RESET: it is done when the write returns
        };
    }

    private synchronized void write(CommonRegister register, int value) {
        switch (register) {
            case DEVICE_FEATURE_SELECT -> state.deviceFeatureSelect = value;
            case DRIVER_FEATURE_SELECT -> state.driverFeatureSelect = value;
            case DRIVER_FEATURE -> device.driverFeatures(state.driverFeatureSelect, value);
            case CONFIG_MSIX_VECTOR -> interrupts.configurationVector(value);
            case DEVICE_STATUS -> status(value);
            case QUEUE_SELECT -> state.queueSelect = value;
            default -> {
                Virtqueue queue = device.queue(state.queueSelect);
                if (queue != null) {
                    write(register, queue, value);
                }
            }
        }
    }

    private void status(int value) {
        device.status(value);
        if (value == 0) {
            interrupts.reset();
        }
    }

    private void write(CommonRegister register, Virtqueue queue, int value) {
        switch (register) {
            case QUEUE_SIZE -> queue.size(value);
            case QUEUE_MSIX_VECTOR -> interrupts.queueVector(state.queueSelect, value);
            case QUEUE_DESC_LOW -> queue.areaHalf(Area.DESCRIPTOR, false, value);
            case QUEUE_DESC_HIGH -> queue.areaHalf(Area.DESCRIPTOR, true, value);
            case QUEUE_DRIVER_LOW -> queue.areaHalf(Area.DRIVER, false, value);
            case QUEUE_DRIVER_HIGH -> queue.areaHalf(Area.DRIVER, true, value);
            case QUEUE_DEVICE_LOW -> queue.areaHalf(Area.DEVICE, false, value);
            case QUEUE_DEVICE_HIGH -> queue.areaHalf(Area.DEVICE, true, value);
            case QUEUE_ENABLE -> {
                if (value == 1) {
                    device.enableQueue(state.queueSelect);
                }
            }
            case QUEUE_RESET -> {
                if (value == 1) {
                    device.resetQueue(state.queueSelect);
                }
            }
            default -> {
                // read-only
            }
        }
    }
}
