package org.lodgevm.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.file.HolePuncher;

/** Holes in files by Linux's own calls, so that images give back space and are copied without reading what is not there. */
public final class LinuxHoles implements HolePuncher {
    static final FileCalls CALLS = linkOrNull();

    private static FileCalls linkOrNull() {
        try {
            return FileCalls.link();
        } catch (RuntimeException | LinkageError e) {
            return null; // no Linux, or native access denied
        }
    }

    @Override
    public boolean isAvailable() {
        return CALLS != null;
    }

    @Override
    public OpenFile open(Path file, boolean write) throws IOException {
        return new OpenFile(file, CALLS.openFile(file.toString(), write ? FileCalls.O_RDWR : FileCalls.O_RDONLY));
    }

    /** How many bytes of a range of a file, from its beginning on, are a hole: sooner told than a run, of which the end of data is looked for, too. */
    static long hole(int descriptor, long offset, long length) throws IOException {
        long data = CALLS.nextData(descriptor, offset);
        return data < 0 ? length : Math.min(data - offset, length);
    }

    record OpenFile(Path file, int descriptor) implements Sparse {
        @Override
        public boolean punch(long offset, long length) throws IOException {
            return CALLS.punchHole(descriptor, offset, length);
        }

        @Override
        public boolean allocate(long offset, long length) throws IOException {
            return CALLS.allocate(descriptor, offset, length);
        }

        @Override
        public ByteStore.Run run(long offset, long length) throws IOException {
            long data = CALLS.nextData(descriptor, offset);
            if (data != offset) {
                return new ByteStore.Run(true, data < 0 ? length : Math.min(length, data - offset));
            }
            return new ByteStore.Run(false, Math.clamp(CALLS.nextHole(descriptor, offset) - offset, 1, length));
        }

        @Override
        public long allocated() throws IOException {
            long end = Files.size(file);
            long allocated = 0;
            for (long data = CALLS.nextData(descriptor, 0); data >= 0 && data < end;) {
                long hole = Math.min(CALLS.nextHole(descriptor, data), end);
                allocated += hole - data;
                data = hole < end ? CALLS.nextData(descriptor, hole) : end;
            }
            return allocated;
        }

        @Override
        public void close() {
            CALLS.closeFile(descriptor);
        }
    }
}
