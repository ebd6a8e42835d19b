package org.lodgevm.devices.virtio;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.Virtqueue;

/**
 * Does what a queue's buffers ask for, several at a time, in the order in which they were taken; they end in any. Whoever took them is the first to work
 * on them. Each who begins with one calls another if there are more: a guest that waits for every request wakes nobody, one whose requests are
 * quick few, and a slow request holds up none behind it.
 *
 * <p>Those called are platform threads, which end when nothing was to do for a minute: a virtual one that reads a file would keep its carrier from all others.
 */
final class Hands {
    /** What a buffer asks for. @param work returns null, or what makes the device fail */
    record Task(DescriptorChain chain, QueueWorker.Service work) {}

    /** At work for one queue at the same time. */
    static final int MOST = 8;

    private static final ExecutorService CALLED =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("virtio request ", 0).factory());

    private static final class State {
        transient int working;
        /** Somebody was called, and has not come yet. */
        transient boolean called;
    }

    private final State state = new State();
    private final Deque<Task> waiting = new ArrayDeque<>();

    /** Something to do, for who {@link #work}s next. */
    synchronized void add(Task task) {
        waiting.add(task);
    }

    /** Works until nothing is to do, or others enough are at it. */
    void work() {
        Task task;
        while ((task = next()) != null) {
            Runnable failure = task.work().serve();
            done();
            if (failure != null) {
                failure.run(); // which waits for the others
            }
        }
    }

    private synchronized Task next() {
        if (waiting.isEmpty() || state.working == MOST) {
            return null;
        }
        boolean enough = waiting.size() == 1 || state.working + 1 == MOST;
        if (!enough && !state.called) {
            CALLED.execute(this::come);
            state.called = true;
        }
        state.working++;
        return waiting.remove();
    }

    private void come() {
        synchronized (this) {
            state.called = false;
        }
        work();
    }

    private synchronized void done() {
        state.working--;
        notifyAll();
    }

    /** Gives back to the queue what nobody has begun with, and waits for the end of the rest. Not while somebody adds. */
    synchronized void stop(Virtqueue queue) {
        while (!waiting.isEmpty()) {
            queue.unpoll(waiting.removeLast().chain());
        }
        boolean interrupted = false;
        while (state.working > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
