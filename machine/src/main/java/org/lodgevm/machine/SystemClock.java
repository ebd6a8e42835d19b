package org.lodgevm.machine;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A clock on the host's monotonic time, with one daemon thread that fires timers. */
public final class SystemClock implements Clock, AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<SystemTimer> armed = new PriorityQueue<>(Comparator.comparingLong(t -> t.deadline));
    private long origin = System.nanoTime();
    /** Guest time at which the clock stands, or -1 while it runs. */
    private volatile long stoppedAt = -1;
    private boolean closed;

    public SystemClock() {
        Thread.ofPlatform().daemon().name("lodge-clock").start(this::fireTimers);
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

    /** Time stands still until {@link #resume}. */
    public void pause() {
        lock.lock();
        try {
            if (stoppedAt < 0) {
                stoppedAt = System.nanoTime() - origin;
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
            due.task.run();
        }
    }

    private SystemTimer nextDue() {
        SystemTimer first = armed.peek();
        return first != null && stoppedAt < 0 && first.deadline <= nanos() ? armed.poll() : null;
    }

    private final class SystemTimer implements Timer {
        private final Runnable task;
        private long deadline;

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
            } finally {
                lock.unlock();
            }
        }
    }

}
