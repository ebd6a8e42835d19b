package org.lodgevm.vm;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Keeps CPUs from running for a part of the time, in slices that are short beside what a guest waits for. */
final class Throttle {
    private static final long SLICE_MICROS = 20_000;
    private static final int WHOLE = 100;

    /** Told whether the CPUs have to wait. */
    private final Consumer<Boolean> hold;
    private int percent;
    private Thread thread;

    Throttle(Consumer<Boolean> hold) {
        this.hold = hold;
    }

    /** @param value of the time; 0 for none, below 100 */
    synchronized void set(int value) {
        percent = value;
        if (value > 0 && thread == null) {
            thread = Thread.ofVirtual().name("lodge-throttle").start(this::slices);
        }
    }

    /** Ends the thread when there is nothing to do for it. */
    private synchronized int next() {
        if (percent == 0) {
            thread = null;
        }
        return percent;
    }

    private void slices() {
        try {
            for (int part = next(); part > 0; part = next()) {
                TimeUnit.MICROSECONDS.sleep(SLICE_MICROS * (WHOLE - part) / WHOLE);
                hold.accept(true);
                TimeUnit.MICROSECONDS.sleep(SLICE_MICROS * part / WHOLE);
                hold.accept(false);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        }
    }
}
