package org.lodgevm.manage;

import java.time.Duration;
import java.time.Instant;

/**
 * A process that runs a machine, as {@code running.json} has it.
 *
 * @param pid its number
 * @param begun when the system says that it began; distinguishes it from a later one of the same number
 * @param socket where it is spoken to
 */
public record RunRecord(long pid, String begun, String socket) {
    /** The system counts from its own beginning, which it knows less exactly, and anew when the clock is set. */
    private static final Duration IMPRECISION = Duration.ofSeconds(5);

    static RunRecord ofThisProcess(String socket) {
        ProcessHandle self = ProcessHandle.current();
        return new RunRecord(self.pid(), begun(self), socket);
    }

    private static String begun(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    private boolean isThis(ProcessHandle process) {
        String now = begun(process);
        return now.isEmpty() || begun.isEmpty() || Duration.between(Instant.parse(begun), Instant.parse(now)).abs().compareTo(IMPRECISION) < 0;
    }

    /** Whether it still is there. */
    public boolean isAlive() {
        return process() != null;
    }

    /** The process, or null if it is gone. */
    public ProcessHandle process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isThis).orElse(null);
    }
}
