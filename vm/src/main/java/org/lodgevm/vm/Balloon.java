package org.lodgevm.vm;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.lodgevm.devices.virtio.balloon.BalloonDevice;

/** Memory that a guest lends back to the host. It does so of its own will: nothing happens in a guest without a driver. */
public final class Balloon {
    private final BalloonDevice device;

    Balloon(BalloonDevice device) {
        this.device = device;
    }

    /** Asks for so many bytes of the machine's memory, instead of what was asked for before. The guest gives them when it can. */
    public void target(long bytes) {
        device.target(bytes);
    }

    /** How many bytes the guest does without at present. */
    public long actual() {
        return device.actual();
    }

    /**
     * What the guest said of its memory last, by names such as {@code free-memory}: bytes, or how often something happened. Each call
     * asks it to say so again.
     */
    public Map<String, Long> statistics() {
        return device.statistics().entrySet().stream().collect(Collectors.toMap(
                entry -> entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-'), Map.Entry::getValue));
    }
}
