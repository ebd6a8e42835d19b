package org.lodgevm.cli.run;

import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.cli.terminal.StatusLine.Style;
import org.lodgevm.image.Progress;

/** Shows what a guest still needs, as long as it is open. */
public final class Preparation implements AutoCloseable {
    private final StatusLine line;

    public Preparation(StandardStreams streams, boolean quiet) {
        line = new StatusLine(streams.err(), quiet || !streams.errorIsTerminal() ? Style.SILENT : Style.REDRAWN, !quiet);
    }

    public Progress progress() {
        return line;
    }

    @Override
    public void close() {
        line.end();
    }
}
