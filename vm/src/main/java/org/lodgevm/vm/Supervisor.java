package org.lodgevm.vm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/** The one thread on which a machine changes its state. It exists from the first change to {@link #close}. */
final class Supervisor {
    private final ExecutorService executor;
    private volatile Thread thread;

    Supervisor(String name) {
        executor = Executors.newSingleThreadExecutor(task -> thread = Thread.ofPlatform().daemon().name(name).unstarted(task));
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Runs {@code change} after all earlier ones; never, once closed. */
    Future<?> submit(Runnable change) {
        try {
            return executor.submit(change);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** No further change is taken; those submitted before still run. */
    void close() {
        executor.shutdown();
    }

    /** Waits for a change and throws what it threw. */
    static void await(Future<?> change) {
        boolean interrupted = false;
        while (true) {
            try {
                change.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // a half-made change helps nobody: report it afterwards
            } catch (ExecutionException e) {
                throw rethrowable(e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException rethrowable(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        thrown.addSuppressed(new Throwable("asked for here"));
        return (RuntimeException) thrown;
    }
}
