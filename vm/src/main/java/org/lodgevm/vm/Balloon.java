package org.lodgevm.vm;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.lodgevm.devices.virtio.balloon.BalloonDevice;

/** Memory that a guest lends back to the host. It does so of its own will: nothing happens in a guest without a driver. */
public final class Balloon {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final BalloonDevice device;

    Balloon(BalloonDevice device) {
        this.device = device;
    }

    /** Asks for so many bytes of the machine's memory, instead of what was asked for before. The guest gives them when it can. */
    public void target(long bytes) {
        device.target(bytes);
    }

    /** For how many bytes it was asked last. */
    public long target() {
        return device.target();
    }

    /** How many bytes the guest does without at present. */
    public long actual() {
        return device.actual();
    }

    /**
     * What the guest says of its memory, by names such as {@code free-memory}: bytes, or how often something happened. What it said last, if it says nothing
     * within a second.
     */
    public Map<String, Long> statistics() throws InterruptedException {
        return device.statistics(PATIENCE).entrySet().stream().collect(Collectors.toMap(
                entry -> entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-'), Map.Entry::getValue));
    }
}
