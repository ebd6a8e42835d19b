package org.lodgevm.vm.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.state.Data;
import org.lodgevm.machine.state.StateFormat;

/** Writes a snapshot. */
public final class SnapshotWriter {
    private final Description description;
    private final byte[] state;
    private final List<Long> addresses;
    private final List<FrozenRam> ram;

    /**
     * @param description without RAM
     * @param addresses guest-physical ones of the parts of RAM
     */
    public SnapshotWriter(Description description, byte[] state, List<Long> addresses, List<FrozenRam> ram) {
        this.description = description;
        this.state = state;
        this.addresses = List.copyOf(addresses);
        this.ram = List.copyOf(ram);
    }

    /** With all of RAM in it. On failure there is nothing new. */
    public void write(Path file, Compression compression) throws IOException {
        write(file, channel -> fill(channel, compression));
    }

    /** With RAM where it is: for use as long as this process lives and keeps what was frozen. */
    public void writeReference(Path file) throws IOException {
        write(file, this::fillWithReferences);
    }

    private interface Filling {
        void fill(FileChannel channel) throws IOException;
    }

    private void write(Path file, Filling filling) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path unfinished = Files.createTempFile(folder, ".snapshot", ".new");
        try {
            Files.delete(unfinished); // to be made again, with holes
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
                filling.fill(channel);
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        forceFolder(folder);
    }

    /** The new name survives a loss of power, where a folder can be opened. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // not on this system
        }
    }

    /** RAM comes first, since its checksums are in the description, whose length does not depend on them. */
    private void fill(FileChannel channel, Compression compression) throws IOException {
        List<RamPart> parts = new ArrayList<>();
        long at = begin(blankParts(compression));
        for (int i = 0; i < ram.size(); i++) {
            RamCopy copy = new RamCopy(ram.get(i), channel, at);
            copy.run(compression);
            RamPart part = new RamPart(addresses.get(i), size(i), null, at, copy.checks(), copy.lengths());
            parts.add(part);
            at = part.end();
        }
        fill(channel, parts, at);
    }

    private void fillWithReferences(FileChannel channel) throws IOException {
        List<RamPart> parts = new ArrayList<>();
        for (int i = 0; i < ram.size(); i++) {
            parts.add(new RamPart(addresses.get(i), size(i), ram.get(i).file().toString(), ram.get(i).offset(), List.of(), List.of()));
        }
        fill(channel, parts, begin(parts));
    }

    private long size(int part) {
        return ram.get(part).content().byteSize();
    }

    /** Where RAM begins: on a page. */
    private long begin(List<RamPart> parts) {
        return Math.ceilDiv(Header.SIZE + bytes(parts).length + (long) state.length, PageSet.PAGE) * PageSet.PAGE;
    }

    /** As long as the real ones. */
    private List<RamPart> blankParts(Compression compression) {
        List<RamPart> parts = new ArrayList<>();
        for (int i = 0; i < ram.size(); i++) {
            List<Integer> zeros = Collections.nCopies((int) Math.ceilDiv(size(i), RamPart.CHUNK), 0);
            parts.add(new RamPart(addresses.get(i), size(i), null, 0, zeros, compression == Compression.NONE ? List.of() : zeros));
        }
        return parts;
    }

    private void fill(FileChannel channel, List<RamPart> parts, long end) throws IOException {
        byte[] bytes = bytes(parts);
        write(channel, 0, new Header(bytes, state, end).write());
        write(channel, Header.SIZE, bytes);
        write(channel, Header.SIZE + (long) bytes.length, state);
        lengthen(channel, end);
    }

    /** The last page may be a hole. */
    private static void lengthen(FileChannel channel, long length) throws IOException {
        if (channel.size() < length) {
            write(channel, length - 1, new byte[1]);
        }
    }

    private byte[] bytes(List<RamPart> parts) {
        return StateFormat.write(Data.save(description.with(parts)));
    }

    static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
    }
}
