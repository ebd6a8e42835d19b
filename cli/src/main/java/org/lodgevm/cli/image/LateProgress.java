package org.lodgevm.cli.image;

import java.util.concurrent.TimeUnit;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.storage.copy.Progress;

/** Shows on a terminal how far work is that takes longer than a second. */
final class LateProgress implements Progress, AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private final String what;
    private final StatusLine line;
    private final long begun = System.nanoTime();

    LateProgress(StandardStreams streams, String what) {
        this.what = what;
        this.line = new StatusLine(streams.err(), streams.errorIsTerminal() ? StatusLine.Style.REDRAWN : StatusLine.Style.SILENT, false);
    }

    @Override
    public void advance(long done, long total) {
        if (System.nanoTime() - begun > PATIENCE) {
            line.advance(what, done, total);
        }
    }

    @Override
    public void close() {
        line.end();
    }
}
