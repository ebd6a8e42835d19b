package org.lodgevm.machine;

/**
 * One interrupt wire. The driver keeps it asserted as long as the condition lasts; the receiver knows edge from level.
 *
 * <p>It has no constants: an interface with default methods that has to be initialized is one whose lambdas an ahead-of-time cache does not hold.
 */
@FunctionalInterface
public interface IrqLine {
    /** A wire that leads nowhere. */
    static IrqLine unconnected() {
        return asserted -> {};
    }

    void set(boolean asserted);

    /** An edge: up and down. */
    default void pulse() {
        set(true);
        set(false);
    }
}
