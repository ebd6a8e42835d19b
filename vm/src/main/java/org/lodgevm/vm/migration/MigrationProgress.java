package org.lodgevm.vm.migration;

import java.time.Duration;

/**
 * How far a migration is.
 *
 * @param round of copying memory, from 1
 * @param pages sent so far, each as often as it was sent
 * @param zeroPages of these, without content
 * @param bytes sent so far
 * @param remaining pages that are known to be sent yet
 * @param bytesPerSecond in this round
 * @param expectedDowntime if the machine were stopped now
 * @param throttle percent of time that the CPUs are kept from running
 * @param downtime for which the machine has been stopped; zero until then
 */
public record MigrationProgress(
        int round,
        long pages,
        long zeroPages,
        long bytes,
        long remaining,
        long bytesPerSecond,
        Duration expectedDowntime,
        int throttle,
        Duration downtime) {}
