package org.lodgevm.vm.migration;

import java.time.Duration;

/**
 * How a protection is doing.
 *
 * @param checkpoint number of the last one that the standby has acknowledged, from 1; 0 while the machine is copied for the first time
 * @param copy how far that is, or null once it is done
 * @param pages sent since the beginning
 * @param bytes of these
 * @param pause for which the machine stood still for the last checkpoint
 * @param delay from then until it was acknowledged, for which its output was held back
 * @param fenced whether the standby cannot take over as long as this side has the machine's disks
 */
public record ProtectionProgress(long checkpoint, MigrationProgress copy, long pages, long bytes, Duration pause, Duration delay, boolean fenced) {}
