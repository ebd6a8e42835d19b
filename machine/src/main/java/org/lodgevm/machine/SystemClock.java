package org.lodgevm.machine;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A clock on the host's monotonic time, with one daemon thread that fires timers. */
public final class SystemClock implements Clock, AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<SystemTimer> armed = new PriorityQueue<>((a, b) -> Long.compare(a.deadline, b.deadline));
    private long origin = System.nanoTime();
    /** Guest time at which the clock stands, or -1 while it runs. */
    private volatile long stoppedAt = -1;
    private boolean closed;
    private final Condition idle = lock.newCondition();
    /** Whether a task runs. */
    private boolean firing;

    private final Thread thread = Thread.ofPlatform().daemon().name("lodge-clock").unstarted(this::fireTimers);

    public SystemClock() {
        thread.start();
    }

    @Override
    public long nanos() {
        long stopped = stoppedAt;
        return stopped >= 0 ? stopped : System.nanoTime() - origin;
    }

    @Override
    public long wallNanos() {
        var now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Time stands still until {@link #resume}. On return no task runs, unless it is a task that calls. */
    public void pause() {
        lock.lock();
        try {
            if (stoppedAt < 0) {
                stoppedAt = System.nanoTime() - origin;
            }
            while (firing && Thread.currentThread() != thread) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    public void resume() {
        lock.lock();
        try {
            if (stoppedAt >= 0) {
                origin = System.nanoTime() - stoppedAt;
                stoppedAt = -1;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Moves the clock while it stands still: to where that of a saved machine stood. */
    public void set(long nanos) {
        lock.lock();
        try {
            if (stoppedAt < 0 || nanos < 0) {
                throw new IllegalStateException("a clock can be set while it stands still only, and not to before its beginning");
            }
            stoppedAt = nanos;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Timer timer(Runnable task) {
        return new SystemTimer(task);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            armed.clear();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void fireTimers() {
        while (true) {
            SystemTimer due;
            lock.lock();
            try {
                while ((due = nextDue()) == null) {
                    if (closed) {
                        return;
                    }
                    SystemTimer first = armed.peek();
                    if (first == null || stoppedAt >= 0) {
                        changed.awaitUninterruptibly();
                    } else {
                        changed.awaitNanos(first.deadline - nanos());
                    }
                }
            } catch (InterruptedException e) {
                continue; // nobody owns this thread but the clock: look again
            } finally {
                lock.unlock();
            }
            try {
                due.task.run();
            } finally {
                fired();
            }
        }
    }

    private void fired() {
        lock.lock();
        try {
            firing = false;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private SystemTimer nextDue() {
        SystemTimer first = armed.peek();
        if (first == null || stoppedAt >= 0 || first.deadline > nanos()) {
            return null;
        }
        armed.remove();
        first.deadline = Timer.NEVER;
        firing = true;
        return first;
    }

    private final class SystemTimer implements Timer {
        private final Runnable task;
        private long deadline = NEVER;

        SystemTimer(Runnable task) {
            this.task = task;
        }

        @Override
        public void arm(long newDeadline) {
            lock.lock();
            try {
                armed.remove(this);
                deadline = newDeadline;
                armed.add(this);
                if (armed.peek() == this) {
                    changed.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                armed.remove(this);
                deadline = NEVER;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long deadline() {
            lock.lock();
            try {
                return deadline;
            } finally {
                lock.unlock();
            }
        }
    }

}
