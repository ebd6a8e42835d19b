package org.lodgevm.storage.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.StorageException;

/** What a server exports, as the bytes of an image. */
public final class NbdStore implements ByteStore {
    private static final int ZEROES = 1 << 20;

    private final String name;
    private final boolean readOnly;
    private final NbdConnection connection;
    private final ClientHandshake.Export export;

    private NbdStore(String name, boolean readOnly, NbdConnection connection) {
        this.name = name;
        this.readOnly = readOnly;
        this.connection = connection;
        this.export = connection.export();
    }

    /** Connects. @param uri as {@link NbdUri} reads it */
    public static NbdStore open(String uri, boolean write) throws IOException {
        NbdConnection connection = new NbdConnection(uri, NbdUri.parse(uri));
        if (write && connection.export().has(Nbd.FLAG_READ_ONLY)) {
            connection.close();
            throw new StorageException(uri, "the server exports it for reading only");
        }
        return new NbdStore(uri, !write, connection);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public long size() {
        return export.size();
    }

    @Override
    public void resize(long size) throws IOException {
        if (size > export.size()) {
            throw new StorageException(name, "the export has %d bytes, and keeps its size".formatted(export.size()));
        }
    }

    /** A part that begins and ends where the server wants requests to. */
    private interface Part {
        void on(long offset, int length) throws IOException;
    }

    private void split(long offset, long length, Part part) throws IOException {
        for (long at = offset; at < offset + length;) {
            int count = (int) Math.min(export.largest(), offset + length - at);
            part.on(at, count);
            at += count;
        }
    }

    private boolean isAligned(long offset, long length) {
        return (offset | length) % export.smallest() == 0;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        int inside = (int) Math.clamp(export.size() - offset, 0L, into.remaining());
        int begin = into.position();
        if (inside > 0 && !isAligned(offset, inside)) {
            into.put(around(offset, inside));
        } else {
            split(offset, inside, (at, length) -> connection.request(
                    Nbd.CMD_READ, 0, at, length, null, into.slice(begin + (int) (at - offset), length)));
            into.position(begin + inside);
        }
        into.put(ByteBuffer.allocate(into.remaining()));
    }

    /** Reads a range that the server would not, by one around it. */
    private ByteBuffer around(long offset, int length) throws IOException {
        long from = offset & -export.smallest();
        long to = Math.min(offset + length + export.smallest() - 1 & -export.smallest(), export.size());
        ByteBuffer whole = ByteBuffer.allocate((int) (to - from));
        read(from, whole);
        return whole.slice((int) (offset - from), length);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        int length = from.remaining();
        if (offset < 0 || offset > export.size() - length) {
            throw new StorageException(name, offset, "%d bytes are beyond the export's end at %d".formatted(length, export.size()));
        }
        if (isAligned(offset, length)) {
            int begin = from.position();
            split(offset, length, (at, count) -> connection.request(
                    Nbd.CMD_WRITE, 0, at, count, from.slice(begin + (int) (at - offset), count), null));
        } else {
            writeAround(offset, from.slice());
        }
        from.position(from.limit());
    }

    /** Others may not write to the same blocks meanwhile, of which only we know. */
    private synchronized void writeAround(long offset, ByteBuffer content) throws IOException {
        long from = offset & -export.smallest();
        long to = offset + content.remaining() + export.smallest() - 1 & -export.smallest();
        ByteBuffer whole = ByteBuffer.allocate((int) (to - from));
        read(from, whole);
        whole.put((int) (offset - from), content, 0, content.remaining());
        write(from, whole.clear());
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        if (export.has(Nbd.FLAG_SEND_WRITE_ZEROES) && isAligned(offset, length)) {
            split(offset, length, (at, count) -> connection.request(
                    Nbd.CMD_WRITE_ZEROES, release ? 0 : Nbd.CMD_FLAG_NO_HOLE, at, count, null, null));
        } else {
            for (long at = offset; at < offset + length; at += ZEROES) {
                write(at, ByteBuffer.allocate((int) Math.min(ZEROES, offset + length - at)));
            }
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        if (export.has(Nbd.FLAG_SEND_TRIM) && isAligned(offset, length)) {
            split(offset, length, (at, count) -> connection.request(Nbd.CMD_TRIM, 0, at, count, null, null));
        }
    }

    @Override
    public Run run(long offset, long length) throws IOException {
        if (export.allocation() < 0 || !isAligned(offset, length)) {
            return new Run(false, length);
        }
        int count = (int) Math.min(length, export.largest());
        ByteBuffer status = connection.request(Nbd.CMD_BLOCK_STATUS, Nbd.CMD_FLAG_REQ_ONE, offset, count, null, null);
        if (status == null) {
            return new Run(false, count);
        }
        long said = status.getInt(0) & 0xffff_ffffL;
        boolean zero = (status.getInt(Integer.BYTES) & Nbd.STATE_ZERO) != 0;
        return new Run(zero, Math.clamp(said, 1, length));
    }

    /** The server's secret. */
    @Override
    public long allocated() {
        return export.size();
    }

    @Override
    public void flush() throws IOException {
        if (export.has(Nbd.FLAG_SEND_FLUSH)) {
            connection.request(Nbd.CMD_FLUSH, 0, 0, 0, null, null);
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
