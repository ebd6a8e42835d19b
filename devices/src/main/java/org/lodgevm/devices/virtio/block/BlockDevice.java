package org.lodgevm.devices.virtio.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.block.BlockRequest.Segment;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.devices.virtio.queue.QueueFault;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.StorageException;

/** A disk. What the host fails to do is an error to the guest and a line in the log. @virtio 5.2 */
public final class BlockDevice implements DeviceLogic {
    /** The configuration space, as far as there are fields of it. @virtio 5.2.4 */
    private static final class Configuration {
        static final int SIZE = 60;
        static final int CAPACITY = 0;
        static final int SEG_MAX = 12;
        static final int BLK_SIZE = 20;
        static final int PHYSICAL_BLOCK_EXP = 24;
        static final int MIN_IO_SIZE = 26;
        static final int WRITEBACK = 32;
        static final int NUM_QUEUES = 34;
        static final int MAX_DISCARD_SECTORS = 36;
        static final int MAX_DISCARD_SEG = 40;
        static final int DISCARD_SECTOR_ALIGNMENT = 44;
        static final int MAX_WRITE_ZEROES_SECTORS = 48;
        static final int MAX_WRITE_ZEROES_SEG = 52;
        static final int WRITE_ZEROES_MAY_UNMAP = 56;
    }

    private static final class State {
        /** Writes may stay in a cache until a flush. */
        volatile boolean writeback;
    }

    private static final int QUEUE_SIZE = 256;
    /** Header and status take a descriptor each. */
    private static final int MOST_SEGMENTS = QUEUE_SIZE - 2;

    private static final int PHYSICAL_BLOCK = 4096;
    private static final int DISCARD_SECTORS = 1 << 22;
    private static final int DISCARD_SEGMENTS = 256;
    private static final int WRITE_ZEROES_SECTORS = 1 << 20;
    private static final int WRITE_ZEROES_SEGMENTS = 1;
    /** A failing disk fails at every request. */
    private static final int ERRORS_LOGGED = 10;

    private final State state = new State();
    private final Driver driver;
    private final Disk disk;
    private final DiskIdentity identity;
    private final Predicate<String> hostFull;
    private final AtomicInteger errors = new AtomicInteger();

    /**
     * @param image is closed with the device
     * @param hostFull told, by a sentence, that the host has no room for what the guest writes. Returns whether it has the machine paused, so that the request is
     *     tried again when that goes on; else the guest is told of an error
     */
    public BlockDevice(Driver driver, BlockImage image, DiskIdentity identity, Predicate<String> hostFull) {
        this.hostFull = hostFull;
        this.driver = driver;
        this.disk = new Disk(image);
        this.identity = identity;
        reset();
    }

    @Override
    public DeviceType type() {
        return DeviceType.BLOCK;
    }

    @Override
    public long features() {
        long always = BlockFeature.SEG_MAX | BlockFeature.BLK_SIZE | BlockFeature.FLUSH | BlockFeature.TOPOLOGY
                | BlockFeature.CONFIG_WCE | BlockFeature.MQ;
        return always | (disk.readOnly() ? BlockFeature.RO : BlockFeature.DISCARD | BlockFeature.WRITE_ZEROES);
    }

    @Override
    public List<Integer> queueSizes() {
        return Collections.nCopies(identity.queues(), QUEUE_SIZE);
    }

    // ---- configuration --------------------------------------------------------------------------------------------

    @Override
    public byte[] configuration() {
        ByteBuffer fields = ByteBuffer.allocate(Configuration.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        fields.putLong(Configuration.CAPACITY, disk.sectors());
        fields.putInt(Configuration.SEG_MAX, MOST_SEGMENTS);
        fields.putInt(Configuration.BLK_SIZE, identity.blockSize());
        int exponent = Integer.numberOfTrailingZeros(PHYSICAL_BLOCK) - Integer.numberOfTrailingZeros(identity.blockSize());
        fields.put(Configuration.PHYSICAL_BLOCK_EXP, (byte) Math.max(0, exponent));
        fields.putShort(Configuration.MIN_IO_SIZE, (short) (1 << Math.max(0, exponent)));
        fields.put(Configuration.WRITEBACK, (byte) (isWriteback() ? 1 : 0));
        fields.putShort(Configuration.NUM_QUEUES, (short) identity.queues());
        fields.putInt(Configuration.MAX_DISCARD_SECTORS, DISCARD_SECTORS);
        fields.putInt(Configuration.MAX_DISCARD_SEG, DISCARD_SEGMENTS);
        fields.putInt(Configuration.DISCARD_SECTOR_ALIGNMENT, PHYSICAL_BLOCK / Disk.SECTOR);
        fields.putInt(Configuration.MAX_WRITE_ZEROES_SECTORS, WRITE_ZEROES_SECTORS);
        fields.putInt(Configuration.MAX_WRITE_ZEROES_SEG, WRITE_ZEROES_SEGMENTS);
        fields.put(Configuration.WRITE_ZEROES_MAY_UNMAP, (byte) 1);
        return fields.array();
    }

    /** Of all fields the driver may write writeback alone. @virtio 5.2.6.2 */
    @Override
    public void configure(int offset, byte[] written) {
        if (offset == Configuration.WRITEBACK && written.length == 1 && driver.has(BlockFeature.CONFIG_WCE)) {
            state.writeback = written[0] != 0;
        }
    }

    @Override
    public void reset() {
        state.writeback = identity.writeback();
    }

    @Override
    public void close() {
        try {
            disk.close();
        } catch (IOException e) {
            driver.log(e.getMessage());
        }
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        DescriptorChain chain;
        while ((chain = virtqueue.poll()) != null) {
            GuestBuffer request = chain.readable();
            GuestBuffer answer = chain.writable();
            if (answer.remaining() == 0) {
                throw new QueueFault("a request has no room for its status");
            }
            BlockRequest header = BlockRequest.read(request);
            driver.later(queue, chain, () -> answer(header, request, answer));
        }
    }

    /** @return false if it is to be tried again */
    private boolean answer(BlockRequest header, GuestBuffer request, GuestBuffer answer) {
        byte status;
        try {
            status = perform(header, request, answer);
        } catch (IOException e) {
            if (e instanceof StorageException problem && problem.isHostFull() && hostFull.test(e.getMessage())) {
                return false;
            }
            logError(e.getMessage());
            status = BlockRequest.IO_ERROR;
        }
        answer.skip(answer.remaining() - 1);
        answer.write(status);
        return true;
    }

    private void logError(String message) {
        int count = errors.incrementAndGet();
        if (count <= ERRORS_LOGGED) {
            driver.log(message + (count == ERRORS_LOGGED ? " (and no more of this in the log)" : ""));
        }
    }

    private byte perform(BlockRequest header, GuestBuffer request, GuestBuffer answer) throws IOException {
        return switch (header.type()) {
            case BlockRequest.IN -> read(header.sector(), answer);
            case BlockRequest.OUT -> write(header.sector(), request);
            case BlockRequest.FLUSH -> {
                disk.flush();
                yield BlockRequest.OK;
            }
            case BlockRequest.GET_ID -> identify(answer);
            case BlockRequest.DISCARD -> forSegments(request, DISCARD_SEGMENTS, this::discard);
            case BlockRequest.WRITE_ZEROES -> forSegments(request, WRITE_ZEROES_SEGMENTS, this::writeZeroes);
            default -> BlockRequest.UNSUPPORTED;
        };
    }

    private boolean within(long sector, long sectors) {
        return sector >= 0 && sector <= disk.sectors() && sectors <= disk.sectors() - sector;
    }

    private byte read(long sector, GuestBuffer answer) throws IOException {
        long bytes = answer.remaining() - 1;
        if (bytes % Disk.SECTOR != 0 || !within(sector, bytes / Disk.SECTOR)) {
            return BlockRequest.IO_ERROR;
        }
        disk.read(sector * Disk.SECTOR, bytes, answer);
        return BlockRequest.OK;
    }

    private byte write(long sector, GuestBuffer request) throws IOException {
        long bytes = request.remaining();
        if (disk.readOnly() || bytes % Disk.SECTOR != 0 || !within(sector, bytes / Disk.SECTOR)) {
            return BlockRequest.IO_ERROR;
        }
        disk.write(sector * Disk.SECTOR, bytes, request);
        writeThrough();
        return BlockRequest.OK;
    }

    /** A driver that cannot flush, or does not want to, expects data to be safe when a write is done. @virtio 5.2.5.2, 5.2.6.2 */
    private boolean isWriteback() {
        return state.writeback && driver.has(BlockFeature.FLUSH);
    }

    private void writeThrough() throws IOException {
        if (!isWriteback()) {
            disk.flush();
        }
    }

    private byte identify(GuestBuffer answer) {
        if (answer.remaining() - 1 < DiskIdentity.SERIAL_LENGTH) {
            return BlockRequest.IO_ERROR;
        }
        answer.write(identity.idBytes());
        return BlockRequest.OK;
    }

    private interface Operation {
        byte perform(Segment segment) throws IOException;
    }

    private byte forSegments(GuestBuffer request, int most, Operation operation) throws IOException {
        long count = request.remaining() / Segment.SIZE;
        if (disk.readOnly() || request.remaining() % Segment.SIZE != 0 || count == 0 || count > most) {
            return BlockRequest.IO_ERROR;
        }
        for (long i = 0; i < count; i++) {
            byte status = operation.perform(Segment.read(request));
            if (status != BlockRequest.OK) {
                return status;
            }
        }
        writeThrough();
        return BlockRequest.OK;
    }

    private byte discard(Segment segment) throws IOException {
        if (segment.flags() != 0) {
            return BlockRequest.UNSUPPORTED;
        }
        if (segment.sectors() > DISCARD_SECTORS || !within(segment.sector(), segment.sectors())) {
            return BlockRequest.IO_ERROR;
        }
        disk.discard(segment.sector() * Disk.SECTOR, segment.sectors() * Disk.SECTOR);
        return BlockRequest.OK;
    }

    private byte writeZeroes(Segment segment) throws IOException {
        if ((segment.flags() & ~Segment.UNMAP) != 0) {
            return BlockRequest.UNSUPPORTED;
        }
        if (segment.sectors() > WRITE_ZEROES_SECTORS || !within(segment.sector(), segment.sectors())) {
            return BlockRequest.IO_ERROR;
        }
        boolean release = (segment.flags() & Segment.UNMAP) != 0;
        disk.writeZeroes(segment.sector() * Disk.SECTOR, segment.sectors() * Disk.SECTOR, release);
        return BlockRequest.OK;
    }
}
