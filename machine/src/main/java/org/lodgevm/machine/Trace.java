package org.lodgevm.machine;

import java.util.Set;
import java.util.function.Consumer;

/** Where a machine's trace lines go, and which categories are on: {@code in_asm}, {@code int}, {@code mmu}, {@code io}, {@code cpu}, ... */
public record Trace(Set<String> categories, Consumer<String> sink) {
    public static final Trace OFF = new Trace(Set.of(), line -> {});

    public boolean on(String category) {
        return categories.contains(category);
    }

    public void line(String line) {
        sink.accept(line);
    }
}
