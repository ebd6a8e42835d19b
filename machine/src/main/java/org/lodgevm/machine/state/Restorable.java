package org.lodgevm.machine.state;

/** A device or a part of one whose state is not all there is to it. */
public interface Restorable {
    /**
     * The state was replaced, of this device and all others, and anybody may have made it up. Makes true what follows from it elsewhere,
     * a window on the bus for instance. Nothing of the machine runs meanwhile.
     *
     * @throws IllegalStateException if the state cannot be; the message says why
     */
    void restored();
}
