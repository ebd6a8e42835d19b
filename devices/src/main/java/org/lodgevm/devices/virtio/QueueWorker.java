package org.lodgevm.devices.virtio;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.lodgevm.devices.virtio.queue.Virtqueue;

/**
 * Serves one queue on a virtual thread, which exists as long as there is something to do. Asking for it costs an atomic increment, and
 * the first time the start of that thread. What takes time is for {@link Hands}: the thread leaves the queue to another before it is the first of these.
 */
final class QueueWorker {
    /** What a worker does for its device. */
    @FunctionalInterface
    interface Service {
        /** @return null if all is well, or what is to be done without the worker's lock; then it serves no more until it is started again */
        Runnable serve();
    }

    private static final class State {
        /** Guarded by {@link #serving}. */
        transient boolean running;
    }

    private static final Runnable NOTHING = () -> {};

    private final State state = new State();
    private final String name;
    private final Virtqueue queue;
    private final Service service;
    /** Requests since the thread last found none; 0 while there is no thread. */
    private final AtomicInteger requests = new AtomicInteger();
    private final ReentrantLock serving = new ReentrantLock();
    private final Hands hands = new Hands();

    QueueWorker(String name, Virtqueue queue, Service service) {
        this.name = name;
        this.queue = queue;
        this.service = service;
    }

    Virtqueue queue() {
        return queue;
    }

    /** Has the queue served, soon and after what was done before this call. */
    void request() {
        if (requests.getAndIncrement() == 0) {
            Thread.ofVirtual().name(name).start(this::work);
        }
    }

    private void work() {
        int seen;
        do {
            seen = requests.get();
            serve().run();
        } while (!requests.compareAndSet(seen, 0));
        hands.work();
    }

    /** Has something done when the service has returned. Only for the service. */
    void later(Hands.Task task) {
        hands.add(task);
    }

    private Runnable serve() {
        serving.lock();
        try {
            Runnable failure = state.running ? service.serve() : null;
            state.running &= failure == null;
            return failure == null ? NOTHING : failure;
        } finally {
            serving.unlock();
        }
    }

    /** Requests have an effect from now on; one is made. */
    void start() {
        serving.lock();
        try {
            state.running = true;
            queue.open(true);
        } finally {
            serving.unlock();
        }
        request();
    }

    /** On return the queue is not served, nothing is done for it, nor will be until {@link #start}. */
    void stop() {
        queue.open(false);
        serving.lock();
        try {
            state.running = false;
            hands.stop(queue);
        } finally {
            serving.unlock();
        }
    }
}
