package org.lodgevm.net.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A thread, a selector and timers. A turn is: channels, timers, tasks, and then the loop's own work, for which it was made.
 *
 * <p>An exception of what runs here ends neither the loop nor anything else: it is handed to a listener, and if it was a
 * channel's doing, that channel is closed.
 */
public final class EventLoop implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Selector selector;
    private final TimerQueue timers = new TimerQueue();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Consumer<RuntimeException> failures;
    /** Somebody has asked for a turn. Only the first one who does so wakes the thread. */
    private final AtomicBoolean woken = new AtomicBoolean();

    private BooleanSupplier work = () -> false;
    private Thread thread;
    private volatile boolean closed;

    public EventLoop(Consumer<RuntimeException> failures) throws IOException {
        this.failures = failures;
        selector = Selector.open();
    }

    /**
     * Starts the thread.
     *
     * @param ownWork runs once a turn, after everything else; returns whether it has more to do at once
     */
    public void start(String name, BooleanSupplier ownWork) {
        work = ownWork;
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** Nanoseconds of the clock that timers go by. */
    public long nanos() {
        return System.nanoTime();
    }

    /** A timer, not armed, for use on this thread. */
    public Timer timer(Runnable action) {
        return new Timer(timers, action);
    }

    /** Has a channel watched, on this thread. The action runs when one of the operations that the key names is ready. */
    public SelectionKey register(SelectableChannel channel, int operations, Runnable action) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, action);
    }

    /** Has a task run on this thread. May be called on any. */
    public void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    /** Has the loop take a turn soon. May be called on any thread. */
    public void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    private void run() {
        boolean more = false;
        try {
            while (!closed) {
                select(more);
                timers.run(nanos(), this::guard);
                Runnable task;
                while ((task = tasks.poll()) != null) {
                    guard(task);
                }
                more = turn();
            }
        } catch (IOException e) {
            failures.accept(new UncheckedIOException("a network stack's selector failed", e));
        } finally {
            release();
        }
    }

    private boolean turn() {
        try {
            return work.getAsBoolean();
        } catch (RuntimeException e) {
            failures.accept(e);
            return true;
        }
    }

    private void select(boolean immediately) throws IOException {
        long wait = immediately ? 0 : timers.untilFirst(nanos());
        if (wait <= 0) {
            selector.selectNow(this::ready);
        } else if (wait == Long.MAX_VALUE) {
            selector.select(this::ready);
        } else {
            selector.select(this::ready, (wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        }
        woken.set(false);
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isValid()) {
                ((Runnable) key.attachment()).run();
            }
        } catch (RuntimeException e) {
            failures.accept(e);
            close(key.channel());
        }
    }

    private void guard(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            failures.accept(e);
        }
    }

    private void release() {
        selector.keys().forEach(key -> close(key.channel()));
        close(selector);
    }

    /** Closes what nobody can do anything about if it fails. */
    public static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // it is not used any more
        }
    }

    /** Ends the thread, closes every channel, and waits for that. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        if (thread == null) {
            release();
        } else if (thread != Thread.currentThread()) {
            join();
        }
    }

    private void join() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
