package org.lodgevm.devices.chipset;

import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do. */
public final class Eventually {
    private static final long LIMIT_NANOS = 10_000_000_000L;

    private Eventually() {}

    /** @return whether it came true within ten seconds */
    public static boolean becomes(BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.onSpinWait();
            Thread.yield();
        }
        return true;
    }
}
