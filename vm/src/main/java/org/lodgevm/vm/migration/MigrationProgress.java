package org.lodgevm.vm.migration;

import java.time.Duration;

/**
 * How far a migration is.
 *
 * @param round of copying memory, from 1; 0 while disks go that are sent before
 * @param pages sent so far, each as often as it was sent
 * @param zeroPages of these, without content
 * @param deltaPages of these, with no more than what had changed since they were sent before
 * @param deltaBytes of such changes
 * @param unchangedPages not sent, since they were what they had been, though written to
 * @param bytes sent so far
 * @param remaining pages that are known to be sent yet
 * @param diskBytes of the disks that go along, sent so far, each as often as it was sent; not part of the pages
 * @param diskRemaining that are known to be sent yet
 * @param bytesPerSecond in this round
 * @param expectedDowntime if the machine were stopped now
 * @param throttle percent of time that the CPUs are kept from running
 * @param downtime for which the machine has been stopped; zero until then. If pages remain after that, they follow it
 */
public record MigrationProgress(
        int round,
        long pages,
        long zeroPages,
        long deltaPages,
        long deltaBytes,
        long unchangedPages,
        long bytes,
        long remaining,
        long diskBytes,
        long diskRemaining,
        long bytesPerSecond,
        Duration expectedDowntime,
        int throttle,
        Duration downtime) {}
