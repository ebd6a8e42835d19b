package org.lodgevm.machine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Where a machine's trace lines go, and what is traced. */
public record Trace(Set<Category> categories, Consumer<String> sink) {
    /** What can be traced. The names are those that QEMU's {@code -d} has for the same. */
    public enum Category {
        IN_ASM("each block of instructions when it is first decoded"),
        CPU("the registers before each block"),
        INT("exceptions, interrupts and software interrupts"),
        MMU("page faults, changes of the paging registers, flushes of the TLB"),
        IO("accesses to ports and to devices in memory");

        private final String description;

        Category(String description) {
            this.description = description;
        }

        public String description() {
            return description;
        }

        public static Optional<Category> named(String name) {
            return Arrays.stream(values()).filter(category -> category.toString().equals(name)).findFirst();
        }

        /** The name by which users know it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final Trace OFF = new Trace(Set.of(), line -> {});

    public boolean on(Category category) {
        return categories.contains(category);
    }

    public void line(String line) {
        sink.accept(line);
    }
}
