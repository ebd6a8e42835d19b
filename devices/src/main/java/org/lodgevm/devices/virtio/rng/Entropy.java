package org.lodgevm.devices.virtio.rng;

import java.security.SecureRandom;
import java.util.List;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.Virtqueue;

/** Fills each buffer at least in part with random bytes. It has no features and no configuration. @virtio 5.4 */
public final class Entropy implements DeviceLogic {
    private static final int QUEUE_SIZE = 64;
    /** Bytes that one buffer gets at most: a larger one is the guest's way to keep the host busy. */
    private static final int MOST = 1 << 16;

    private final SecureRandom random = new SecureRandom();

    @Override
    public DeviceType type() {
        return DeviceType.ENTROPY;
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
        return new byte[0];
    }

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        DescriptorChain chain;
        while ((chain = virtqueue.poll()) != null) {
            byte[] bytes = new byte[(int) Math.min(MOST, chain.writable().remaining())];
            random.nextBytes(bytes);
            chain.writable().write(bytes);
            virtqueue.push(chain);
        }
    }
}
