package org.lodgevm.storage.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.StorageException;

/**
 * A file of the host.
 *
 * <p>A {@code FileChannel} closes when a thread in it is interrupted, and fails for all other threads. Here that is
 * undone: the file is opened again, the operation repeated, and the thread stays interrupted.
 */
public final class HostFile implements ByteStore {
    private static final Optional<HolePuncher> HOLES = ServiceLoader.load(HolePuncher.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(HolePuncher::isAvailable)
            .findFirst();

    private static final int ZEROES_LENGTH = 1 << 20;
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(ZEROES_LENGTH).asReadOnlyBuffer();

    private final Path path;
    private volatile boolean write;
    private final Optional<ImageLock> lock;
    private final HolePuncher.Sparse sparse;
    private final boolean direct;
    private volatile FileChannels channels;
    private volatile boolean closed;

    private HostFile(Path path, Access access, boolean direct) throws IOException {
        this.path = path;
        this.direct = direct;
        this.write = access.isWrite();
        this.lock = access == Access.READ_UNLOCKED ? Optional.empty() : Optional.of(ImageLock.acquire(path, write));
        try {
            this.channels = FileChannels.open(path, write, direct);
            this.sparse = openSparse();
        } catch (IOException e) {
            closeAll();
            throw e;
        }
    }

    /** Opens a file that exists. */
    public static HostFile open(Path path, Access access) throws IOException {
        return open(path, access, false);
    }

    /**
     * The same.
     *
     * @param direct whether whole blocks go past the host's cache, in both directions
     */
    public static HostFile open(Path path, Access access, boolean direct) throws IOException {
        try {
            if (Files.isDirectory(path)) {
                throw new StorageException(path.toString(), "it is a folder");
            }
            return new HostFile(path, access, direct);
        } catch (FileSystemException e) {
            throw explain(path, e);
        }
    }

    /** Makes an empty file, for writing; one that exists is emptied if nobody uses it. */
    public static HostFile create(Path path) throws IOException {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new StorageException(path.toString(), "it exists and is no file");
            }
            if (!Files.exists(path)) {
                Files.createFile(path);
            }
            HostFile file = new HostFile(path, Access.WRITE, false);
            file.resize(0);
            return file;
        } catch (FileSystemException e) {
            throw explain(path, e);
        }
    }

    private static StorageException explain(Path path, FileSystemException e) {
        String reason = switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it exists";
            default -> e.getReason() != null ? e.getReason() : "it cannot be opened";
        };
        return new StorageException(path.toString(), reason);
    }

    private HolePuncher.Sparse openSparse() throws IOException {
        return HOLES.isPresent() ? HOLES.get().open(path, write) : HolePuncher.NONE;
    }

    public Path path() {
        return path;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public boolean isReadOnly() {
        return !write;
    }

    @Override
    public long size() throws IOException {
        return perform("its size cannot be told", 0, file -> file.cached().size());
    }

    @Override
    public void resize(long size) throws IOException {
        perform("it cannot be made %d bytes long".formatted(size), size, file -> {
            if (file.cached().size() < size) {
                file.cached().write(ByteBuffer.allocate(1), size - 1);
            } else {
                file.cached().truncate(size);
            }
            return null;
        });
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        int end = into.limit();
        perform("reading failed", offset, file -> {
            ByteBuffer rest = into.duplicate();
            int begin = rest.position();
            for (long at = offset; rest.hasRemaining() && file.of(at, rest).read(rest, at) >= 0; at = offset + rest.position() - begin) {
                // a read may be cut short
            }
            while (rest.hasRemaining()) {
                rest.put(ZEROES.slice(0, Math.min(ZEROES_LENGTH, rest.remaining())));
            }
            return null;
        });
        into.position(end);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        perform("writing failed", offset, file -> {
            writeFully(file, offset, from.duplicate());
            return null;
        });
        from.position(from.limit());
    }

    private static void writeFully(FileChannels file, long offset, ByteBuffer from) throws IOException {
        long at = offset;
        while (from.hasRemaining()) {
            at += file.of(at, from).write(from, at);
        }
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        long size = size();
        long inside = Math.clamp(size - offset, 0, length);
        if (inside > 0 && !(release && sparse.punch(offset, inside))) {
            perform("writing failed", offset, file -> {
                for (long done = 0; done < inside; done += ZEROES_LENGTH) {
                    writeFully(file, offset + done, ZEROES.slice(0, (int) Math.min(ZEROES_LENGTH, inside - done)));
                }
                return null;
            });
        }
        if (inside < length) { // what others write beyond it meanwhile stays
            write(offset + length - 1, ZEROES.slice(0, 1));
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        long inside = Math.clamp(size() - offset, 0, length);
        if (inside > 0) {
            sparse.punch(offset, inside);
        }
    }

    @Override
    public Run run(long offset, long length) throws IOException {
        long inside = Math.clamp(size() - offset, 0, length);
        return inside == 0 ? new Run(true, length) : sparse.run(offset, inside);
    }

    @Override
    public long allocated() throws IOException {
        long allocated = sparse.allocated();
        return allocated >= 0 ? allocated : size();
    }

    @Override
    public void flush() throws IOException {
        perform("it cannot be flushed to its disk", 0, file -> {
            file.cached().force(false); // the size counts as content
            return null;
        });
    }

    @Override
    public void freeze() throws IOException {
        if (write) {
            write = false;
            lock.orElseThrow().share();
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            closeAll();
        }
    }

    private void closeAll() throws IOException {
        AutoCloseable file = () -> {
            if (sparse != null) {
                sparse.close();
            }
            if (channels != null) {
                channels.close();
            }
        };
        if (lock.isPresent()) {
            lock.get().release(file);
        } else {
            channels.close();
            sparse.close();
        }
    }

    /**
     * All of the file as memory, which stays when the file is closed; what is written to it goes to the file. Where the file system can, there is room for all of
     * that from now on: a write to memory that finds none has no way to say so.
     *
     * @param arena whose end is the mapping's
     */
    public MemorySegment map(Arena arena) throws IOException {
        return perform("it cannot be mapped", 0, file -> {
            long size = file.cached().size();
            if (write) {
                sparse.allocate(0, size);
            }
            return file.cached().map(write ? MapMode.READ_WRITE : MapMode.READ_ONLY, 0, size, arena);
        });
    }

    private interface Operation<T> {
        T on(FileChannels file) throws IOException;
    }

    private <T> T perform(String problem, long offset, Operation<T> operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannels current = channels;
                try {
                    return operation.on(current);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current);
                }
            }
        } catch (StorageException e) {
            throw e;
        } catch (IOException e) {
            throw new StorageException(name(), offset, problem, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannels interrupted) throws IOException {
        if (closed) {
            throw new StorageException(name(), "it is closed");
        }
        if (channels.equals(interrupted)) {
            channels = FileChannels.open(path, write, direct);
            interrupted.close();
            if (lock.isPresent()) {
                lock.get().renew();
            }
        }
    }
}
