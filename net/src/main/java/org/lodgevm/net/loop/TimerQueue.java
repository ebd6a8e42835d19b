package org.lodgevm.net.loop;

import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Timers by when they are due. Times may wrap around, as those of {@link System#nanoTime} may. */
final class TimerQueue {
    private final PriorityQueue<Timer> queue = new PriorityQueue<>((a, b) -> Long.compare(a.queued - b.queued, 0));

    void put(Timer timer) {
        remove(timer);
        timer.queued = timer.deadline;
        queue.add(timer);
    }

    void remove(Timer timer) {
        if (timer.queued != Timer.NEVER) {
            queue.remove(timer);
            timer.queued = Timer.NEVER;
        }
    }

    /** Nanoseconds until the queue must be looked at; {@link Long#MAX_VALUE} if it is empty. */
    long untilFirst(long now) {
        Timer first = queue.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.queued - now);
    }

    void run(long now, Consumer<Runnable> runner) {
        Timer first;
        while ((first = queue.peek()) != null && first.queued - now <= 0) {
            queue.remove();
            first.queued = Timer.NEVER;
            if (first.deadline == Timer.NEVER) {
                continue;
            }
            if (first.deadline - now > 0) {
                put(first);
            } else {
                first.deadline = Timer.NEVER;
                runner.accept(first.action);
            }
        }
    }
}
