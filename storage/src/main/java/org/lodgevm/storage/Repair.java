package org.lodgevm.storage;

/** What a check may change. */
public enum Repair {
    NONE,
    /** Give back space that nothing refers to. */
    LEAKS,
    /** Everything that can be mended. */
    ALL;

    public boolean mendsLeaks() {
        return this != NONE;
    }
}
