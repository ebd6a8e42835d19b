package org.lodgevm.vm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** The one thread on which a machine changes its state, one change after the other. It exists from the first change to {@link #close}. */
final class Supervisor {
    private final ExecutorService executor;
    private volatile Thread thread;

    Supervisor(String name) {
        executor = Executors.newSingleThreadExecutor(task -> thread = Thread.ofPlatform().daemon().name(name).unstarted(task));
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Makes a change after all earlier ones; never, once closed. The change throws nothing. */
    void post(Runnable change) {
        submit(change);
    }

    /** Makes a change and waits for it, however long and whoever interrupts: a half-made change helps nobody. Throws what it throws. */
    void perform(Runnable change) {
        try {
            submit(change).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw (Error) e.getCause();
        }
    }

    private CompletableFuture<Void> submit(Runnable change) {
        try {
            return CompletableFuture.runAsync(change, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** No further change is taken; those taken before are still made. */
    void close() {
        executor.shutdown();
    }
}
