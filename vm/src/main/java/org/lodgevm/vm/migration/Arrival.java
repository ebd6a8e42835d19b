package org.lodgevm.vm.migration;

/**
 * How far a machine is that comes here.
 *
 * @param checkpoint of one that is protected, the last that is here as a whole, so that this side can go on from it; 0 if there is none
 * @param bytes that have come
 */
public record Arrival(long checkpoint, long bytes) {}
