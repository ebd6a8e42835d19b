package org.lodgevm.vm.snapshot;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.file.HostFile;
import org.lodgevm.storage.zstd.ZstdCompressor;

/** Copies RAM to a file, but for pages of zeros. It is read from its own file where there is one: pages that nobody ever touched stay none, and are not looked at. */
final class RamCopy {
    private static final int ZEROS_CHECK = Header.crc(new byte[RamPart.CHUNK]);

    private final FrozenRam from;
    private final FileChannel into;
    private final long start;
    /** Of compressed chunks, in bytes. */
    private long written;
    /** Where a hole or data ends that the file was asked about. */
    private long known;

    private boolean isHole;

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
        try (HostFile file = from.file() == null ? null : HostFile.open(from.file(), Access.READ_UNLOCKED)) {
            for (long at = 0; at < size; at += RamPart.CHUNK) {
                chunk.clear().limit((int) Math.min(RamPart.CHUNK, size - at));
                if (isHole(file, at, chunk.limit())) {
                    skip(chunk.limit(), compression);
                    continue;
                }
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

    private boolean isHole(HostFile file, long at, int length) throws IOException {
        if (file != null && at >= known) {
            ByteStore.Run run = file.run(from.offset() + at, from.content().byteSize() - at);
            isHole = run.hole();
            known = at + run.length();
        }
        return isHole && at + length <= known;
    }

    private void skip(int length, Compression compression) {
        checks.add(length == RamPart.CHUNK ? ZEROS_CHECK : Header.crc(new byte[length]));
        if (compression != Compression.NONE) {
            lengths.add(0);
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

    private void read(HostFile file, long at, ByteBuffer chunk) throws IOException {
        if (file == null) {
            chunk.put(from.content().asSlice(at, chunk.remaining()).asByteBuffer());
        } else {
            file.read(from.offset() + at, chunk);
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
