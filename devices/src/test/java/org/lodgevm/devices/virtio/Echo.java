package org.lodgevm.devices.virtio;

import java.util.List;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.Virtqueue;

/** Answers each buffer with as much of what it says as there is room for. */
final class Echo implements DeviceLogic {
    static final int QUEUES = 3;
    static final int QUEUE_SIZE = 16;
    private static final int MOST = 1 << 16;

    private final Driver driver;
    volatile byte[] configuration = {1, 2, 3, 4, 5, 6};

    Echo(Driver driver) {
        this.driver = driver;
    }

    Driver driver() {
        return driver;
    }

    @Override
    public DeviceType type() {
        return DeviceType.ENTROPY;
    }

    @Override
    public long features() {
        return 0b11;
    }

    @Override
    public boolean accepts(long chosen) {
        return (chosen & 0b11) != 0b10;
    }

    @Override
    public List<Integer> queueSizes() {
        return List.of(QUEUE_SIZE, QUEUE_SIZE, QUEUE_SIZE);
    }

    @Override
    public byte[] configuration() {
        return configuration;
    }

    @Override
    public void configure(int offset, byte[] written) {
        byte[] changed = configuration.clone();
        System.arraycopy(written, 0, changed, offset, written.length);
        configuration = changed;
    }

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        DescriptorChain chain;
        while ((chain = virtqueue.poll()) != null) {
            long length = Math.min(MOST, Math.min(chain.readable().remaining(), chain.writable().remaining()));
            chain.writable().write(chain.readable().read((int) length));
            virtqueue.push(chain);
        }
    }
}
