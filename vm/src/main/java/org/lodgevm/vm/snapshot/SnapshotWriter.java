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
    public void write(Path file) throws IOException {
        write(file, true);
    }

    /** With RAM where it is: for use as long as this process lives and keeps what was frozen. */
    public void writeReference(Path file) throws IOException {
        write(file, false);
    }

    private void write(Path file, boolean whole) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path unfinished = Files.createTempFile(folder, ".snapshot", ".new");
        try {
            Files.delete(unfinished); // to be made again, with holes
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
                fill(channel, whole);
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
    private void fill(FileChannel channel, boolean whole) throws IOException {
        long begin = Math.ceilDiv(Header.SIZE + bytes(whole ? parts(0, null) : references()).length + (long) state.length, PageSet.PAGE) * PageSet.PAGE;
        List<List<Integer>> checks = new ArrayList<>();
        long at = begin;
        for (FrozenRam part : ram) {
            if (whole) {
                checks.add(new RamCopy(part, channel, at).run());
                at += part.content().byteSize();
            }
        }
        byte[] bytes = bytes(whole ? parts(begin, checks) : references());
        write(channel, 0, new Header(bytes, state, at).write());
        write(channel, Header.SIZE, bytes);
        write(channel, Header.SIZE + (long) bytes.length, state);
        lengthen(channel, at);
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

    private List<RamPart> parts(long begin, List<List<Integer>> checks) {
        List<RamPart> parts = new ArrayList<>();
        long at = begin;
        for (int i = 0; i < ram.size(); i++) {
            long size = ram.get(i).content().byteSize();
            List<Integer> sums = checks == null ? Collections.nCopies((int) Math.ceilDiv(size, RamPart.CHUNK), 0) : checks.get(i);
            parts.add(new RamPart(addresses.get(i), size, null, at, sums));
            at += size;
        }
        return parts;
    }

    private List<RamPart> references() {
        List<RamPart> parts = new ArrayList<>();
        for (int i = 0; i < ram.size(); i++) {
            FrozenRam part = ram.get(i);
            parts.add(new RamPart(addresses.get(i), part.content().byteSize(), part.file().toString(), part.offset(), List.of()));
        }
        return parts;
    }

    static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
    }
}
