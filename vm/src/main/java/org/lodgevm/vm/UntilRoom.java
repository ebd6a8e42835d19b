package org.lodgevm.vm;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.lodgevm.storage.StorageException;

/**
 * Writes to the host what somebody relies on already, the guest or a standby. Where there is no room nobody can be told of an error any more, and nothing is
 * left to do but to try again until there is some.
 */
final class UntilRoom {
    private static final int RETRY_SECONDS = 5;

    /** What is written; as a whole again if it failed. */
    @FunctionalInterface
    interface Write {
        void run() throws IOException;
    }

    /** Passes the time between two tries. */
    @FunctionalInterface
    interface Pause {
        void run() throws InterruptedException;
    }

    private final Consumer<String> log;
    private final Pause pause;

    UntilRoom(Consumer<String> log) {
        this(log, () -> TimeUnit.SECONDS.sleep(RETRY_SECONDS));
    }

    /** @param pause for tests */
    UntilRoom(Consumer<String> log, Pause pause) {
        this.log = log;
        this.pause = pause;
    }

    /** @throws IOException if it fails for another reason, or the thread is interrupted */
    void write(Write what) throws IOException {
        for (boolean told = false; !done(what, told); told = true) {
            try {
                pause.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted before there was room on the host");
            }
        }
    }

    private boolean done(Write what, boolean told) throws IOException {
        try {
            what.run();
            return true;
        } catch (StorageException e) {
            if (!e.isHostFull()) {
                throw e;
            }
            if (!told) {
                log.accept(e.getMessage() + "; what was written last is kept in memory until there is room");
            }
            return false;
        }
    }
}
