package org.lodgevm.vm.migration;

import java.time.Duration;

/**
 * How a machine is to be moved.
 *
 * @param bytesPerSecond that the link may carry, or 0 for all it can
 * @param downtime for which the guest may stand still, as far as that can be foreseen
 * @param delta whether of a page that is sent again only what has changed is sent, as far as it is remembered: at the price of 64 MiB
 * @param compress whether pages are compressed, by Zstandard: for slow links
 * @param postcopy whether a guest that writes faster than the link carries goes on at the target, before its memory is there, which then follows; it is not slowed down
 * @param throttle whether a guest that writes faster than the link carries is slowed down
 * @param storage whether disks that can be written to are copied along, or else are where both sides can open them
 * @param connections by which memory goes, 1 or more; what is at the other end of them has to {@linkplain Gathering gather} them, if there are several
 * @param patience how long a target is asked that does not answer after it was handed the machine
 */
public record MigrationOptions(long bytesPerSecond, Duration downtime, boolean delta, boolean compress, boolean postcopy, boolean throttle, boolean storage, int connections, Duration patience) {
    public static final int MOST_CONNECTIONS = 16;
    public static final MigrationOptions DEFAULT = new MigrationOptions(0, Duration.ofMillis(300), true, false, false, true, false, 1, Duration.ofMinutes(1));

    public MigrationOptions {
        if (bytesPerSecond < 0 || downtime.isNegative() || patience.isNegative()) {
            throw new IllegalArgumentException("rates and times are not negative");
        }
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException("there are 1 to %d connections, not %d".formatted(MOST_CONNECTIONS, connections));
        }
    }
}
