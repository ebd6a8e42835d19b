package org.lodgevm.cli.exit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.lodgevm.image.CacheException;
import org.lodgevm.image.ImageException;
import org.lodgevm.manage.ManageException;
import org.lodgevm.manage.control.ControlException;
import org.lodgevm.storage.ImageInUseException;
import org.lodgevm.storage.StorageException;
import org.lodgevm.vm.MachineException;
import org.lodgevm.vm.boot.BootException;
import org.lodgevm.vm.snapshot.SnapshotException;

/** Why the command cannot go on: one sentence for the user, and the exit status. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    public Failure(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    public Failure(int status, String message) {
        this(status, message, null);
    }

    public int status() {
        return status;
    }

    /** What {@code problem} means to the user. */
    public static Failure of(Throwable problem) {
        return switch (problem) {
            case Failure failure -> failure;
            case BootException e -> new Failure(ExitStatus.NO_INPUT, e.getMessage(), e);
            case CacheException e -> new Failure(ExitStatus.HOST, e.getMessage(), e);
            case ImageException e -> new Failure(ExitStatus.NO_INPUT, e.getMessage(), e);
            case ManageException e -> new Failure(
                    switch (e.reason()) {
                        case UNKNOWN -> ExitStatus.NO_INPUT;
                        case NAME, STATE -> ExitStatus.USAGE;
                        case HOST -> ExitStatus.HOST;
                    },
                    e.getMessage(), e);
            case ControlException e when e.code() == ControlException.Code.STATE -> new Failure(ExitStatus.USAGE, e.getMessage(), e);
            case SnapshotException e -> new Failure(ExitStatus.NO_INPUT, e.getMessage(), e);
            case MachineException e -> new Failure(ExitStatus.HOST, e.getMessage(), e);
            case IllegalArgumentException e when e.getMessage() != null -> new Failure(ExitStatus.USAGE, e.getMessage(), e);
            case StorageException e when e.getCause() == null && !(e instanceof ImageInUseException) -> new Failure(ExitStatus.NO_INPUT, e.getMessage(), e);
            case FileSystemException e -> new Failure(ExitStatus.HOST, describe(e), e);
            case IOException e -> new Failure(ExitStatus.HOST, String.valueOf(e.getMessage()), e);
            case OutOfMemoryError e -> new Failure(
                    ExitStatus.HOST, "the Java heap is full (%s); give it more with LODGE_JAVA_OPTS=-Xmx1g".formatted(e.getMessage()), e);
            default -> new Failure(
                    ExitStatus.INTERNAL, "a fault in Lodge itself: %s; run again with --debug and report what it prints".formatted(problem), problem);
        };
    }

    /** That standard output could not be written. */
    public static Failure ofOutput(IOException problem) {
        return "Broken pipe".equals(problem.getMessage())
                ? new Failure(ExitStatus.BROKEN_PIPE, problem.getMessage(), problem)
                : new Failure(
                        ExitStatus.HOST,
                        "standard output cannot be written: %s; the output is not complete".formatted(problem.getMessage()),
                        problem);
    }

    private static String describe(FileSystemException e) {
        String reason = switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "there is no such file or folder";
            default -> e.getReason() != null ? e.getReason() : e.getClass().getSimpleName();
        };
        return "%s: %s; check the path, its permissions and the space on its disk".formatted(e.getFile(), reason);
    }
}
