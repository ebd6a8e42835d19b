package org.lodgevm.cli.exit;

import org.lodgevm.vm.Outcome;

/**
 * What {@code lodge} ends with. A guest's debug exit is always odd, so Lodge's own statuses are even and cannot be taken
 * for one.
 */
public final class ExitStatus {
    /** The guest powered off, or the user left it. */
    public static final int OK = 0;

    /** The command line makes no sense (sysexits: EX_USAGE). */
    public static final int USAGE = 64;

    /** A file or a download that was needed is missing or not what it should be (sysexits: EX_NOINPUT). */
    public static final int NO_INPUT = 66;

    /** A fault in Lodge itself (sysexits: EX_SOFTWARE). */
    public static final int INTERNAL = 70;

    /** The host cannot do what was asked: memory, disk, accelerator (sysexits: EX_IOERR). */
    public static final int HOST = 74;

    /** The guest crashed: triple fault, or a command's guest that ended without telling its status. As a process that aborts. */
    public static final int CRASHED = 134;

    /** Nobody reads our standard output any more; what a process ends with that SIGPIPE kills. */
    public static final int BROKEN_PIPE = 141;

    private ExitStatus() {}

    /** How QEMU's isa-debug-exit turns the value that the guest wrote into an exit status. */
    public static int ofDebugExit(int code) {
        return (code << 1 | 1) & 0xff;
    }

    public static int of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.PoweredOff _, Outcome.Rebooted _, Outcome.Migrated _, Outcome.Stopped _ -> OK;
            case Outcome.DebugExit exit -> ofDebugExit(exit.code());
            case Outcome.Crashed crash -> crash.cause() == null ? CRASHED : INTERNAL;
        };
    }
}
