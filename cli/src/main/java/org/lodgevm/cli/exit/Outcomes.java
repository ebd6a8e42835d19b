package org.lodgevm.cli.exit;

import java.io.PrintStream;
import org.lodgevm.vm.Outcome;

/** How a guest's end is told to the user. */
public final class Outcomes {
    private Outcomes() {}

    /** @return the exit status */
    public static int tell(Outcome outcome, PrintStream err) {
        if (outcome instanceof Outcome.Crashed crash) {
            if (crash.cause() != null) {
                throw new Failure(ExitStatus.of(outcome), crash.message(), crash.cause());
            }
            err.println("lodge: " + crash.message());
        }
        return ExitStatus.of(outcome);
    }
}
