package org.lodgevm.machine.state;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A machine's devices by their names, and with them all of their state. Whoever assembles the machine {@link #add}s each device; what a
 * device is made of is found out: see the package's description.
 */
public final class StateTree {
    private final String packages;
    private final Map<String, Object> devices = new LinkedHashMap<>();
    private Map<String, Part> parts;

    /** @param packages where devices and their parts come from: the beginning of these packages' names */
    public StateTree(String packages) {
        this.packages = packages;
    }

    /** Names a device. @return it */
    public <D> D add(String name, D device) {
        if (devices.putIfAbsent(name, device) != null) {
            throw new IllegalArgumentException("there are two devices '%s'".formatted(name));
        }
        return device;
    }

    private Map<String, Part> parts() {
        if (parts == null) {
            Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
            known.addAll(devices.values());
            Map<String, Part> found = new LinkedHashMap<>();
            devices.forEach((name, device) -> found.put(name, Part.of(device, packages, known)));
            found.values().removeIf(Part::isEmpty);
            parts = found;
        }
        return parts;
    }

    /**
     * All state as it is at one moment, while CPUs, clock and queues stand still. The host may still do something to a device, type a key
     * for instance: the state is read until it is twice the same.
     */
    public synchronized Value.Group save() {
        Value.Group saved = saveOnce();
        byte[] bytes = StateFormat.write(saved);
        while (true) {
            Value.Group again = saveOnce();
            byte[] others = StateFormat.write(again);
            if (Arrays.equals(bytes, others)) {
                return again;
            }
            bytes = others;
        }
    }

    /** Reads all state for nothing, while it may change: the JVM then knows how, when the machine stands still and time counts. */
    public synchronized void rehearse() {
        try {
            StateFormat.write(saveOnce());
        } catch (RuntimeException e) {
            // something changed meanwhile
        }
    }

    private Value.Group saveOnce() {
        Map<String, Value> saved = new LinkedHashMap<>();
        parts().forEach((name, part) -> saved.put(name, part.save()));
        return new Value.Group(saved);
    }

    /**
     * Replaces all state, in a machine that stands still and has the same devices.
     *
     * @throws StateException if the state is not of such a machine, or cannot be; the devices' state is none then
     */
    public synchronized void load(Value.Group from) throws StateException {
        Data.requireOnly(from, parts().keySet());
        for (Map.Entry<String, Part> part : parts().entrySet()) {
            Value.Group group = from.group(part.getKey());
            within(part.getKey(), () -> part.getValue().load(group));
        }
        for (Map.Entry<String, Part> part : parts().entrySet()) {
            within(part.getKey(), part.getValue()::restored);
        }
    }

    private interface Step {
        void run() throws StateException;
    }

    private static void within(String name, Step step) throws StateException {
        try {
            step.run();
        } catch (StateException e) {
            throw e.in(name);
        } catch (RuntimeException e) {
            throw new StateException(String.valueOf(e.getMessage()), e).in(name);
        }
    }
}
