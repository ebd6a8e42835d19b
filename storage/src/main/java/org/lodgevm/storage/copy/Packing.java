package org.lodgevm.storage.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.lodgevm.storage.DiskImage;

/** Compresses units on all processors, a few ahead, and writes them in the order in which they came. */
final class Packing implements AutoCloseable {
    /** A unit on its way. */
    private record Unit(long offset, Future<DiskImage.Packed> packed) {}

    private final DiskImage to;
    private final int ahead = 2 * Runtime.getRuntime().availableProcessors();
    private final ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), Packing::daemon);
    private final Queue<Unit> pending = new ArrayDeque<>();

    Packing(DiskImage to) {
        this.to = to;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "packing");
        thread.setDaemon(true);
        return thread;
    }

    /** @param content not to be used by anybody else any more */
    void add(long offset, ByteBuffer content) throws IOException {
        pending.add(new Unit(offset, workers.submit(() -> to.pack(content))));
        if (pending.size() > ahead) {
            writeOldest();
        }
    }

    void finish() throws IOException {
        while (!pending.isEmpty()) {
            writeOldest();
        }
    }

    private void writeOldest() throws IOException {
        Unit unit = pending.remove();
        try {
            to.writePacked(unit.offset, unit.packed.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
