package org.lodgevm.vm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;

/**
 * Announces several times where a machine is, at growing distances: frames get lost, and a port of a switch may need a moment before it passes them on. As many and as far
 * apart as QEMU's. Used by the supervisor only.
 */
final class Announcer {
    static final int ROUNDS = 5;
    private static final int FIRST_MILLIS = 50;
    private static final int STEP_MILLIS = 100;

    /** By which one waits so many milliseconds. */
    static final LongFunction<Executor> IN = millis -> CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);

    private final IntConsumer announcement;
    private final LongFunction<Executor> in;
    private int left;

    /**
     * @param announcement gets the number of the round, from 0 on
     * @param in runs what it gets, on the supervisor's thread, after so many milliseconds
     */
    Announcer(IntConsumer announcement, LongFunction<Executor> in) {
        this.announcement = announcement;
        this.in = in;
    }

    /** Begins, or begins again. */
    void begin() {
        boolean underWay = left > 0;
        left = ROUNDS;
        if (!underWay) {
            announce();
        }
    }

    private void announce() {
        announcement.accept(ROUNDS - left);
        left--;
        if (left > 0) {
            in.apply(FIRST_MILLIS + STEP_MILLIS * (ROUNDS - 1L - left)).execute(this::announce);
        }
    }
}
