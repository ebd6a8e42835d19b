package org.lodgevm.machine;

/** The machine's time: nanoseconds that pass as the host's do, and stand still while the machine is paused. */
public interface Clock {
    /** Monotonic guest time, in nanoseconds since the machine was created. */
    long nanos();

    /** Wall-clock time, in nanoseconds since 1970-01-01 UTC, as the RTC shows it: the host's. */
    long wallNanos();

    /** A one-shot timer; {@code task} runs on the clock's own thread and must be short. */
    Timer timer(Runnable task);

    /** A timer that may be armed again and again, also from its own task. */
    interface Timer {
        /** The deadline of a timer that is not armed. */
        long NEVER = Long.MAX_VALUE;

        /** Fires once when {@link Clock#nanos} reaches {@code deadline}; replaces an earlier deadline. */
        void arm(long deadline);

        void cancel();

        /** When it fires, or {@link #NEVER}. */
        long deadline();
    }
}
