package org.lodgevm.vm.migration;

import java.time.Duration;

/**
 * How a machine is to be protected.
 *
 * @param interval from one checkpoint to the next, if the link is as fast
 * @param silence after which the other side counts as gone
 * @param compress whether pages are compressed while the machine is copied and for checkpoints, by Zstandard: for slow links
 */
public record ProtectionOptions(Duration interval, Duration silence, boolean compress) {
    private static final Duration LEAST_SILENCE = Duration.ofMillis(100);
    private static final Duration MOST_SILENCE = Duration.ofMinutes(10);

    public static final ProtectionOptions DEFAULT = new ProtectionOptions(Duration.ofMillis(40), Duration.ofSeconds(2), false);

    public ProtectionOptions {
        if (interval.isNegative() || silence.compareTo(LEAST_SILENCE) < 0 || silence.compareTo(MOST_SILENCE) > 0) {
            throw new IllegalArgumentException("times are not negative, and one is silent for %d ms to %d minutes".formatted(LEAST_SILENCE.toMillis(), MOST_SILENCE.toMinutes()));
        }
    }

    /** How often one says that one lives. */
    Duration pulse() {
        return pulse(silence);
    }

    /** After which a standby looks whether the silent side has given up the machine's disks, as whoever is gone has. */
    static Duration pulse(Duration silence) {
        return silence.dividedBy(4);
    }

    /**
     * In what time from the silence's beginning a standby must have got the machine's disks. After that it never will: a machine that has lost its standby
     * waits for longer before it goes on alone.
     */
    static Duration claim(Duration silence) {
        return silence.multipliedBy(2);
    }

    /** How long a machine that has lost its standby waits for an answer, and one that is to have a standby for a connection. */
    public Duration patience() {
        return silence.multipliedBy(3);
    }
}
