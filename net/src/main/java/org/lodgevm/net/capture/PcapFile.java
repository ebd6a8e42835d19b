package org.lodgevm.net.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.lodgevm.net.Frame;

/** A pcap file being written, with times in nanoseconds. @see "draft-ietf-opsawg-pcap, sections 4 and 5" */
final class PcapFile implements AutoCloseable {
    private static final int MAGIC_NANOSECONDS = 0xa1b2_3c4d;
    private static final short MAJOR = 2;
    private static final short MINOR = 4;
    private static final int SNAP_LENGTH = 1 << 18;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int FILE_HEADER = 24;

    private final FileChannel file;
    private final ByteBuffer header = ByteBuffer.allocateDirect(FILE_HEADER);
    private IOException failure;

    /** Begins a file, in place of one that may be there. */
    PcapFile(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        header.putInt(MAGIC_NANOSECONDS).putShort(MAJOR).putShort(MINOR);
        header.putInt(0).putInt(0).putInt(SNAP_LENGTH).putInt(LINKTYPE_ETHERNET).flip();
        try {
            file.write(header);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Appends a frame. When the file cannot be written to any more, nothing further is. */
    synchronized void write(Frame frame, Instant time) {
        if (failure != null) {
            return;
        }
        header.clear();
        header.putInt((int) time.getEpochSecond()).putInt(time.getNano()).putInt(frame.size()).putInt(frame.size());
        header.flip();
        ByteBuffer[] parts = {header, frame.bytes().duplicate()};
        try {
            while (parts[1].hasRemaining()) {
                file.write(parts);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /** What ended the recording before its time; null if nothing did. */
    synchronized IOException failure() {
        return failure;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
