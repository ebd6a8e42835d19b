package org.lodgevm.vm.migration;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A target's memory of what became of migrations. Each is decided once. */
@FunctionalInterface
public interface Decisions {
    /**
     * Decides, unless that was done before. The record outlives this process if the machine could.
     *
     * @param taken whether this side takes the machine; else it never will
     * @return what was decided, now or before
     */
    boolean decide(UUID migration, boolean taken) throws IOException;

    /** Decisions for a target that lives no longer than the process. */
    static Decisions inMemory() {
        Map<UUID, Boolean> made = new ConcurrentHashMap<>();
        return (migration, taken) -> {
            Boolean before = made.putIfAbsent(migration, taken);
            return before == null ? taken : before;
        };
    }
}
