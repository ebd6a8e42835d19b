package org.lodgevm.devices.virtio.filesystem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.filesystem.fuse.DataBuffer;
import org.lodgevm.devices.virtio.filesystem.fuse.FuseServer;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.share.SharedFolder;

/** A folder of the host's as a file system. @virtio 5.11 */
public final class FileSystemDevice implements DeviceLogic {
    /** One chain has a request's header, a buffer of 1 MiB in pages, and an answer's header. */
    private static final int QUEUE_SIZE = 1024;
    /** The queue for requests of high priority comes first. @virtio 5.11.2 */
    private static final int HIGH_PRIORITY_QUEUES = 1;

    private final Tag tag;
    private final FuseServer server;
    private final List<DataBuffer> buffers;

    /**
     * @param folder is closed with the device
     * @param requestQueues 1 or more; requests of one queue are served one after the other
     */
    public FileSystemDevice(Driver driver, SharedFolder folder, boolean readOnly, Tag tag, int requestQueues) {
        this.tag = tag;
        this.server = new FuseServer(folder, readOnly, driver::log);
        this.buffers = IntStream.range(0, HIGH_PRIORITY_QUEUES + requestQueues).mapToObj(queue -> new DataBuffer()).toList();
    }

    @Override
    public DeviceType type() {
        return DeviceType.FILESYSTEM;
    }

    @Override
    public long features() {
        return 0;
    }

    @Override
    public List<Integer> queueSizes() {
        return Collections.nCopies(buffers.size(), QUEUE_SIZE);
    }

    /** @virtio 5.11.4 */
    @Override
    public byte[] configuration() {
        return ByteBuffer.allocate(Tag.LENGTH + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tag.padded())
                .putInt(buffers.size() - HIGH_PRIORITY_QUEUES)
                .array();
    }

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        DescriptorChain chain;
        while ((chain = virtqueue.poll()) != null) {
            server.serve(chain.readable(), chain.writable(), buffers.get(queue));
            virtqueue.push(chain);
        }
    }

    @Override
    public void reset() {
        server.reset();
    }

    @Override
    public void close() {
        server.close();
    }
}
