package org.lodgevm.vm.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.zstd.ZstdCompressor;

/** Copies RAM to a file, but for pages of zeros. It is read from its own file where there is one: a page that nobody ever touched stays none. */
final class RamCopy {
    private final FrozenRam from;
    private final FileChannel into;
    private final long start;
    /** Of compressed chunks, in bytes. */
    private long written;

    private final List<Integer> checks = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();

    RamCopy(FrozenRam from, FileChannel into, long start) {
        this.from = from;
        this.into = into;
        this.start = start;
    }

    /** Of the chunks. */
    List<Integer> checks() {
        return checks;
    }

    /** Of the chunks, if they are compressed. */
    List<Integer> lengths() {
        return lengths;
    }

    void run(Compression compression) throws IOException {
        long size = from.content().byteSize();
        ByteBuffer chunk = ByteBuffer.allocateDirect(RamPart.CHUNK);
        try (FileChannel file = from.file() == null ? null : FileChannel.open(from.file(), StandardOpenOption.READ)) {
            for (long at = 0; at < size; at += RamPart.CHUNK) {
                chunk.clear().limit((int) Math.min(RamPart.CHUNK, size - at));
                read(file, at, chunk);
                checks.add(Header.crc(chunk.duplicate()));
                if (compression == Compression.NONE) {
                    write(chunk, start + at);
                } else {
                    pack(chunk);
                }
            }
        }
    }

    private void pack(ByteBuffer chunk) throws IOException {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        byte[] packed = Arrays.mismatch(bytes, new byte[bytes.length]) < 0 ? new byte[0] : ZstdCompressor.compress(bytes);
        SnapshotWriter.write(into, start + written, packed);
        written += packed.length;
        lengths.add(packed.length);
    }

    private void read(FileChannel file, long at, ByteBuffer chunk) throws IOException {
        if (file == null) {
            chunk.put(from.content().asSlice(at, chunk.remaining()).asByteBuffer());
        }
        while (chunk.hasRemaining()) {
            if (file.read(chunk, from.offset() + at + chunk.position()) < 0) {
                throw new EOFException(from.file() + " is shorter than the memory in it");
            }
        }
        chunk.flip();
    }

    /** Pages that lie together are written together. */
    private void write(ByteBuffer chunk, long at) throws IOException {
        MemorySegment content = MemorySegment.ofBuffer(chunk);
        int end = chunk.limit();
        for (int first = 0; first < end; first += PageSet.PAGE) {
            int next = first;
            while (next < end && !PageSet.isZero(content.asSlice(next, PageSet.PAGE))) {
                next += PageSet.PAGE;
            }
            ByteBuffer run = chunk.slice(first, next - first);
            while (run.hasRemaining()) {
                into.write(run, at + first + run.position());
            }
            first = next;
        }
    }
}
