package org.lodgevm.vm.snapshot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.state.Data;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.machine.state.StateFormat;
import org.lodgevm.storage.zstd.MalformedZstdException;
import org.lodgevm.storage.zstd.ZstdInputStream;

/**
 * A snapshot that can be used: everything in it was checked but RAM.
 *
 * @param state of CPUs and devices, in the format of {@link org.lodgevm.machine.state}
 */
public record SnapshotFile(Path path, Description description, byte[] state) {
    /** Of description and state each: they are a machine's without its memory. */
    private static final int LARGEST = 256 << 20;

    /** @throws SnapshotException if it is none, or damaged, or not whole */
    public static SnapshotFile open(Path path) throws SnapshotException {
        SnapshotFile opened = openReference(path);
        if (opened.isReference()) {
            throw new SnapshotException("the snapshot %s is of use only while the machine runs that it is of".formatted(path));
        }
        return opened;
    }

    /** The same, and RAM may be in other files, whichever it names. */
    public static SnapshotFile openReference(Path path) throws SnapshotException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(path, channel);
        } catch (NoSuchFileException e) {
            throw new SnapshotException("there is no snapshot %s".formatted(path), e);
        } catch (IOException e) {
            throw new SnapshotException("the snapshot %s cannot be read: %s".formatted(path, e.getMessage()), e);
        } catch (SnapshotException e) {
            throw new SnapshotException("the snapshot %s cannot be used: %s".formatted(path, e.getMessage()), e);
        }
    }

    private static SnapshotFile read(Path path, FileChannel channel) throws IOException, SnapshotException {
        Header.Claims claims = Header.read(read(channel, 0, Header.SIZE));
        if (claims.length() != channel.size()) {
            throw new SnapshotException("it has %d bytes where %d belong".formatted(channel.size(), claims.length()));
        }
        byte[] description = read(channel, Header.SIZE, claims.descriptionLength());
        claims.require(description, claims.descriptionCheck(), "description");
        long stateAt = Header.SIZE + (long) description.length;
        byte[] state = read(channel, stateAt, claims.stateLength());
        claims.require(state, claims.stateCheck(), "state");
        Description what = describe(description);
        long end = stateAt + state.length;
        long ram = Math.ceilDiv(end, PageSet.PAGE) * PageSet.PAGE;
        requireZeros(channel, end, Math.min(ram, channel.size()));
        requireInside(what, ram, channel.size());
        return new SnapshotFile(path, what, state);
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException, SnapshotException {
        if (length < 0 || length > LARGEST || at + length > channel.size()) {
            throw new SnapshotException("it breaks off, with %d bytes".formatted(channel.size()));
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new SnapshotException("it breaks off, with %d bytes".formatted(channel.size()));
            }
        }
        return bytes.array();
    }

    private static Description describe(byte[] bytes) throws SnapshotException {
        try {
            return Data.loadRecord(StateFormat.read(bytes), Description.class);
        } catch (StateException e) {
            throw new SnapshotException("its description is wrong: " + e.getMessage(), e);
        }
    }

    private static void requireZeros(FileChannel channel, long from, long end) throws IOException, SnapshotException {
        for (byte each : read(channel, from, (int) (end - from))) {
            if (each != 0) {
                throw new SnapshotException("the snapshot is damaged between its parts");
            }
        }
    }

    private static void requireInside(Description what, long begin, long length) throws SnapshotException {
        long at = begin;
        for (RamPart part : what.ram()) {
            if (part.isInside() && (part.offset() != at || part.end() > length)) {
                throw new SnapshotException("its memory is not where it should be");
            }
            at = part.isInside() ? part.end() : at;
        }
    }

    /** Whether it describes a machine that runs, and is of use only as long as that does. */
    public boolean isReference() {
        return !description.ram().stream().allMatch(RamPart::isInside);
    }

    /** Where a part of RAM can be mapped from. */
    public Path fileOf(RamPart part) {
        return part.isInside() ? path : Path.of(part.file());
    }

    /** Looks at all of RAM. @throws SnapshotException where it is not what was written */
    public void verify() throws SnapshotException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (RamPart part : description.ram()) {
                forEachChunk(channel, part, (at, bytes) -> {});
            }
        } catch (IOException e) {
            throw new SnapshotException("the snapshot %s cannot be read: %s".formatted(path, e.getMessage()), e);
        }
    }

    /** Reads a part of RAM that cannot be mapped. @throws SnapshotException where it is not what was written */
    public void read(RamPart part, Use use) throws IOException, SnapshotException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            forEachChunk(channel, part, use);
        }
    }

    /** Takes a piece of RAM. */
    public interface Use {
        /** @param offset in the part of RAM */
        void accept(long offset, byte[] bytes);
    }

    private void forEachChunk(FileChannel channel, RamPart part, Use use) throws IOException, SnapshotException {
        long at = part.offset();
        for (int i = 0; i < part.checks().size(); i++) {
            int size = part.chunkSize(i);
            int stored = part.isCompressed() ? part.lengths().get(i) : size;
            byte[] bytes = part.isCompressed() ? unpack(read(channel, at, stored), size) : read(channel, at, stored);
            long offset = (long) i * RamPart.CHUNK;
            if (bytes == null || Header.crc(bytes) != part.checks().get(i)) {
                throw new SnapshotException("the snapshot %s is damaged: memory from 0x%x on is not what was saved".formatted(path, part.gpa() + offset));
            }
            use.accept(offset, bytes);
            at += stored;
        }
        requireZeros(channel, at, part.end());
    }

    /** @return null if it does not have this size */
    private static byte[] unpack(byte[] packed, int size) throws IOException {
        if (packed.length == 0) {
            return new byte[size];
        }
        try (ZstdInputStream stream = new ZstdInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = stream.readNBytes(size);
            return bytes.length == size && stream.read() < 0 ? bytes : null;
        } catch (MalformedZstdException e) {
            return null;
        }
    }
}
