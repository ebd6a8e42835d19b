package org.lodgevm.storage.file;

import java.io.IOException;
import java.nio.file.Path;
import org.lodgevm.storage.ByteStore;

/** What an operating system can do with files that have holes. A service: the module {@code linux} provides one. */
public interface HolePuncher {
    /** A file of which to punch and to find holes. */
    interface Sparse extends AutoCloseable {
        /** Gives a range back, so that it reads as zeroes; the file's size stays. @return whether the file system can */
        boolean punch(long offset, long length) throws IOException;

        /**
         * Takes space on the disk for a range, which keeps its content, so that no write to it lacks any.
         *
         * @return whether the file system can
         */
        boolean allocate(long offset, long length) throws IOException;

        /** How the bytes from {@code offset} on are kept, which is inside of the file. */
        ByteStore.Run run(long offset, long length) throws IOException;

        /** Space taken on the disk. */
        long allocated() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Whether this system has such calls. */
    boolean isAvailable();

    Sparse open(Path file, boolean write) throws IOException;

    /** For systems without: no file has holes. */
    Sparse NONE = new Sparse() {
        @Override
        public boolean punch(long offset, long length) {
            return false;
        }

        @Override
        public boolean allocate(long offset, long length) {
            return false;
        }

        @Override
        public ByteStore.Run run(long offset, long length) {
            return new ByteStore.Run(false, length);
        }

        @Override
        public long allocated() {
            return -1;
        }

        @Override
        public void close() {}
    };
}
