package org.lodgevm.vm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A machine's wait for room on the host's disk: its owner is told when it begins, not at every try. Used by the supervisor only. */
final class Stall {
    /** One wait, up to the next try. */
    static final class Begun {}

    private static final int RETRY_SECONDS = 5;

    /** By which one tries again every few seconds. */
    static final Executor SOON = CompletableFuture.delayedExecutor(RETRY_SECONDS, TimeUnit.SECONDS);

    /** Tries that fail within this time belong together. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10 * RETRY_SECONDS);

    private final Consumer<String> log;
    private final Consumer<Begun> retry;
    private final Executor later;
    private Begun begun;
    private long told;
    private boolean ever;

    /**
     * @param later runs what it gets when it is time for another try
     * @param retry called then, with what {@link #isStill} knows
     */
    Stall(Consumer<String> log, Executor later, Consumer<Begun> retry) {
        this.log = log;
        this.later = later;
        this.retry = retry;
    }

    void begin(String why) {
        long now = System.nanoTime();
        if (!ever || now - told > QUIET_NANOS) {
            log.accept("%s; the machine stands still until there is room".formatted(why));
        }
        ever = true;
        told = now;
        Begun beginning = new Begun();
        begun = beginning;
        later.execute(() -> retry.accept(beginning));
    }

    /** The owner decides. */
    void end() {
        begun = null;
    }

    boolean isStill(Begun beginning) {
        return begun == beginning;
    }
}
