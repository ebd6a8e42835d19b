package org.lodgevm.devices.chipset;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.lodgevm.machine.Clock;

/** A clock that a test moves by hand; due timers run on the test's thread, in order and each at its own time. */
public final class ManualClock implements Clock {
    private final PriorityQueue<ManualTimer> armed = new PriorityQueue<>(Comparator.comparingLong(t -> t.deadline));
    private long nanos;
    private long epoch;

    /** @param epoch wall-clock time at creation, nanoseconds since 1970 */
    public ManualClock(long epoch) {
        this.epoch = epoch;
    }

    public ManualClock() {
        this(0);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized long wallNanos() {
        return epoch + nanos;
    }

    public void advance(long by) {
        advanceTo(nanos() + by);
    }

    public void advanceTo(long time) {
        ManualTimer due;
        while ((due = nextDue(time)) != null) {
            due.task.run();
        }
        synchronized (this) {
            nanos = Math.max(nanos, time);
        }
    }

    /** Time passes, but the timers run late. */
    public synchronized void pass(long by) {
        nanos += by;
    }

    private synchronized ManualTimer nextDue(long time) {
        ManualTimer first = armed.peek();
        if (first == null || first.deadline > time) {
            return null;
        }
        nanos = Math.max(nanos, first.deadline);
        armed.remove();
        first.deadline = Timer.NEVER;
        return first;
    }

    /** How many timers wait. */
    public synchronized int armed() {
        return armed.size();
    }

    @Override
    public Timer timer(Runnable task) {
        return new ManualTimer(task);
    }

    private final class ManualTimer implements Timer {
        private final Runnable task;
        private long deadline = NEVER;

        ManualTimer(Runnable task) {
            this.task = task;
        }

        @Override
        public void arm(long newDeadline) {
            synchronized (ManualClock.this) {
                armed.remove(this);
                deadline = newDeadline;
                armed.add(this);
            }
        }

        @Override
        public void cancel() {
            synchronized (ManualClock.this) {
                armed.remove(this);
                deadline = NEVER;
            }
        }

        @Override
        public long deadline() {
            synchronized (ManualClock.this) {
                return deadline;
            }
        }
    }
}
