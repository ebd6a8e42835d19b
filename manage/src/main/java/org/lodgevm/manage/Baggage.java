package org.lodgevm.manage;

/**
 * What goes along with a machine that moves, so that it can be built at its new place.
 *
 * @param name by which it is known there, too
 * @param file what it is
 */
public record Baggage(String name, MachineFile file) {}
