package org.lodgevm.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.file.HolePuncher;

/** Holes in files by Linux's own calls, so that images give back space and are copied without reading what is not there. */
public final class LinuxHoles implements HolePuncher {
    private final FileCalls calls = linkOrNull();

    private static FileCalls linkOrNull() {
        try {
            return FileCalls.link();
        } catch (RuntimeException | LinkageError e) {
            return null; // no Linux, or native access denied
        }
    }

    @Override
    public boolean isAvailable() {
        return calls != null;
    }

    @Override
    public Sparse open(Path file, boolean write) throws IOException {
        return new OpenFile(calls, file, calls.openFile(file.toString(), write ? FileCalls.O_RDWR : FileCalls.O_RDONLY));
    }

    private record OpenFile(FileCalls calls, Path file, int descriptor) implements Sparse {
        @Override
        public boolean punch(long offset, long length) throws IOException {
            return calls.punchHole(descriptor, offset, length);
        }

        @Override
        public boolean allocate(long offset, long length) throws IOException {
            return calls.allocate(descriptor, offset, length);
        }

        @Override
        public ByteStore.Run run(long offset, long length) throws IOException {
            long data = calls.nextData(descriptor, offset);
            if (data != offset) {
                return new ByteStore.Run(true, data < 0 ? length : Math.min(length, data - offset));
            }
            return new ByteStore.Run(false, Math.clamp(calls.nextHole(descriptor, offset) - offset, 1, length));
        }

        @Override
        public long allocated() throws IOException {
            long end = Files.size(file);
            long allocated = 0;
            for (long data = calls.nextData(descriptor, 0); data >= 0 && data < end;) {
                long hole = Math.min(calls.nextHole(descriptor, data), end);
                allocated += hole - data;
                data = hole < end ? calls.nextData(descriptor, hole) : end;
            }
            return allocated;
        }

        @Override
        public void close() {
            calls.closeFile(descriptor);
        }
    }
}
