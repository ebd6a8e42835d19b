package org.lodgevm.bench;

import java.util.function.Consumer;
import org.lodgevm.image.Progress;

/** Tells of each step of getting packages once. */
final class Notes implements Progress {
    private final Consumer<String> told;
    private String step = "";

    Notes(Consumer<String> told) {
        this.told = told;
    }

    @Override
    public void advance(String what, long done, long total) {
        if (!what.equals(step)) {
            step = what;
            told.accept(what);
        }
    }

    @Override
    public void note(String message) {
        told.accept(message);
    }
}
