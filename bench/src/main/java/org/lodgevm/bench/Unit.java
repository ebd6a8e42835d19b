package org.lodgevm.bench;

import java.util.Locale;

/** What a number counts, and how people read it. */
enum Unit {
    SECONDS {
        @Override
        String format(double value) {
            return String.format(Locale.ROOT, "%.2f s", value);
        }
    },
    INSTRUCTIONS {
        @Override
        String format(double value) {
            return String.format(Locale.ROOT, "%.0f million", value / 1e6);
        }
    },
    BYTES {
        @Override
        String format(double value) {
            return String.format(Locale.ROOT, "%.0f MiB", value / (1 << 20));
        }
    },
    PERCENT {
        @Override
        String format(double value) {
            return String.format(Locale.ROOT, "%.1f %%", value);
        }
    };

    abstract String format(double value);

    /** As {@link Samples} and files for programs name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
