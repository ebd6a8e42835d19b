package org.lodgevm.vm.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Finds out whether a target has taken a machine; if it has not by then, it never will. */
final class Settlement {
    private static final long ASK_AGAIN_MILLIS = 200;

    private Settlement() {}

    /**
     * Asks until there is an answer, and returns if the target has the machine.
     *
     * @throws RefusedException if it has not, and never will
     * @throws SilenceException if it does not answer in time
     */
    static void await(MigrationLink.Opener target, UUID id, Duration patience) throws RefusedException, SilenceException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try (MigrationLink again = target.open()) {
                MessageStream stream = new MessageStream(again);
                stream.send(MessageType.ASK, Hello.ask(id));
                RefusedException.expect(stream.receive(), MessageType.TAKEN);
                return;
            } catch (RefusedException e) {
                throw e;
            } catch (IOException unanswered) {
                if (System.nanoTime() > deadline) {
                    throw new SilenceException("the target does not answer (%s)".formatted(unanswered.getMessage()));
                }
            }
            rest();
        }
    }

    /** Before one asks again. */
    static void rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever has the machine has to be found out, nevertheless
        }
    }
}
