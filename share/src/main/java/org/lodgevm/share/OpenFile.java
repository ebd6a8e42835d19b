package org.lodgevm.share;

import java.lang.foreign.MemorySegment;

/** A regular file, open. Any thread, any number at once; nothing after {@link #close}. */
public interface OpenFile extends AutoCloseable {
    /** @param into outside of the Java heap @return bytes read; less than there is room for at the end only */
    int read(long offset, MemorySegment into) throws FileFault;

    /** @param from outside of the Java heap @return bytes written, at least one unless there are none */
    int write(long offset, MemorySegment from) throws FileFault;

    Attributes attributes() throws FileFault;

    void truncate(long size) throws FileFault;

    void permit(int mode) throws FileFault;

    /** Makes what was written last. @param dataOnly without what is not needed to read it again */
    void synchronize(boolean dataOnly) throws FileFault;

    /** @param mode of fallocate(2) */
    void allocate(int mode, long offset, long length) throws FileFault;

    /** @param whence of lseek(2) */
    long seek(long offset, int whence) throws FileFault;

    /** @return bytes copied */
    long copy(long offset, OpenFile to, long toOffset, long bytes) throws FileFault;

    @Override
    void close();
}
