package org.lodgevm.vm.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.PageSet;

/** Copies RAM to a file, but for pages of zeros. It is read from its own file where there is one: a page that nobody ever touched stays none. */
final class RamCopy {
    private final FrozenRam from;
    private final FileChannel into;
    private final long start;

    RamCopy(FrozenRam from, FileChannel into, long start) {
        this.from = from;
        this.into = into;
        this.start = start;
    }

    /** @return the checksums of the chunks */
    List<Integer> run() throws IOException {
        List<Integer> checks = new ArrayList<>();
        long size = from.content().byteSize();
        ByteBuffer chunk = ByteBuffer.allocateDirect(RamPart.CHUNK);
        try (FileChannel file = from.file() == null ? null : FileChannel.open(from.file(), StandardOpenOption.READ)) {
            for (long at = 0; at < size; at += RamPart.CHUNK) {
                chunk.clear().limit((int) Math.min(RamPart.CHUNK, size - at));
                read(file, at, chunk);
                checks.add(Header.crc(chunk.duplicate()));
                write(chunk, start + at);
            }
        }
        return checks;
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
