package org.lodgevm.manage;

import java.util.Map;

/**
 * What goes along with a machine that moves, so that it can be built at its new place.
 *
 * @param name by which it is known there, too
 * @param file what it is
 */
public record Baggage(String name, MachineFile file) {
    /** The same for a machine whose disks come along, wherever they were. */
    public Baggage withDisks() {
        return new Baggage(name, file.with(Map.of()));
    }
}
