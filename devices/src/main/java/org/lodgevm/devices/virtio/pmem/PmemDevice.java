package org.lodgevm.devices.virtio.pmem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.devices.virtio.queue.QueueFault;
import org.lodgevm.devices.virtio.queue.Virtqueue;

/** Persistent memory. It has no features. @virtio 5.19 */
public final class PmemDevice implements DeviceLogic {
    private static final int QUEUE_SIZE = 64;
    /** The configuration space: start and size of the range. @virtio 5.19.4 */
    private static final int CONFIGURATION_SIZE = 2 * Long.BYTES;

    /** @virtio 5.19.6 */
    private static final int FLUSH = 0;

    private static final int DONE = 0;
    private static final int FAILED = -1;

    private final Driver driver;
    private final PersistentRange range;

    /** @param range is closed with the device */
    public PmemDevice(Driver driver, PersistentRange range) {
        this.driver = driver;
        this.range = range;
    }

    @Override
    public DeviceType type() {
        return DeviceType.PMEM;
    }

    @Override
    public long features() {
        return 0;
    }

    @Override
    public List<Integer> queueSizes() {
        return List.of(QUEUE_SIZE);
    }

    @Override
    public byte[] configuration() {
        return ByteBuffer.allocate(CONFIGURATION_SIZE).order(ByteOrder.LITTLE_ENDIAN).putLong(range.gpa()).putLong(range.size()).array();
    }

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        DescriptorChain chain;
        while ((chain = virtqueue.poll()) != null) {
            GuestBuffer request = chain.readable();
            GuestBuffer answer = chain.writable();
            if (request.remaining() < Integer.BYTES || answer.remaining() < Integer.BYTES) {
                throw new QueueFault("a request has no type, or no room for its answer");
            }
            int type = ByteBuffer.wrap(request.read(Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getInt();
            driver.later(queue, chain, () -> {
                int result = type == FLUSH ? flush() : FAILED;
                answer.write(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(result).array());
                return true;
            });
        }
    }

    private int flush() {
        try {
            range.flush();
            return DONE;
        } catch (IOException e) {
            driver.log(e.getMessage());
            return FAILED;
        }
    }

    @Override
    public void close() {
        try {
            range.close();
        } catch (IOException e) {
            driver.log(e.getMessage());
        }
    }
}
