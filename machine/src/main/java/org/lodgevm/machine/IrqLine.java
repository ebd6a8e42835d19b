package org.lodgevm.machine;

/** One interrupt wire. The driver keeps it asserted as long as the condition lasts; the receiver knows edge from level. */
@FunctionalInterface
public interface IrqLine {
    /** A wire that leads nowhere. */
    IrqLine UNCONNECTED = asserted -> {};

    void set(boolean asserted);

    /** An edge: up and down. */
    default void pulse() {
        set(true);
        set(false);
    }
}
