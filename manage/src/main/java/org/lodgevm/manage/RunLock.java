package org.lodgevm.manage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.lodgevm.manage.ManageException.Reason;

/** The right to run a machine, until closed. The system takes it from a process that dies. */
public final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @return nothing if somebody has it */
    static Optional<RunLock> tryAcquire(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return Optional.of(new RunLock(channel));
                }
            } catch (OverlappingFileLockException e) {
                // another machine of this process
            }
            channel.close();
            return Optional.empty();
        } catch (NoSuchFileException e) {
            throw new ManageException(Reason.UNKNOWN, "the machine in %s was removed meanwhile".formatted(file.getParent()), e);
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "%s cannot be locked: %s".formatted(file, e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "a lock cannot be released: " + e.getMessage(), e);
        }
    }
}
