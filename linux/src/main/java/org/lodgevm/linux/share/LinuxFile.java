package org.lodgevm.linux.share;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.share.Attributes;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.OpenFile;

/** A descriptor of an open file. */
record LinuxFile(int descriptor) implements OpenFile {
    @Override
    public int read(long offset, MemorySegment into) throws FileFault {
        int done = 0;
        int count = 1;
        while (done < into.byteSize() && count > 0) {
            count = (int) Calls.call(SystemCall.PREAD64, descriptor, into.address() + done, into.byteSize() - done, offset + done);
            done += count;
        }
        return done;
    }

    @Override
    public int write(long offset, MemorySegment from) throws FileFault {
        return (int) Calls.call(SystemCall.PWRITE64, descriptor, from.address(), from.byteSize(), offset);
    }

    @Override
    public Attributes attributes() throws FileFault {
        return Statx.of(descriptor);
    }

    @Override
    public void truncate(long size) throws FileFault {
        Calls.call(SystemCall.FTRUNCATE, descriptor, size);
    }

    @Override
    public void permit(int mode) throws FileFault {
        Calls.call(SystemCall.FCHMOD, descriptor, mode);
    }

    @Override
    public void synchronize(boolean dataOnly) throws FileFault {
        Calls.call(dataOnly ? SystemCall.FDATASYNC : SystemCall.FSYNC, descriptor);
    }

    @Override
    public void allocate(int mode, long offset, long length) throws FileFault {
        Calls.call(SystemCall.FALLOCATE, descriptor, mode, offset, length);
    }

    @Override
    public long seek(long offset, int whence) throws FileFault {
        return Calls.call(SystemCall.LSEEK, descriptor, offset, whence);
    }

    @Override
    public long copy(long offset, OpenFile to, long toOffset, long bytes) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment offsets = arena.allocate(JAVA_LONG, 2);
            offsets.setAtIndex(JAVA_LONG, 0, offset);
            offsets.setAtIndex(JAVA_LONG, 1, toOffset);
            return Calls.call(SystemCall.COPY_FILE_RANGE, descriptor, offsets.address(),
                    ((LinuxFile) to).descriptor, offsets.address() + Long.BYTES, bytes, 0);
        }
    }

    @Override
    public void close() {
        LibC.close(descriptor);
    }
}
