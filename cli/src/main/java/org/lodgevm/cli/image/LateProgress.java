package org.lodgevm.cli.image;

import java.util.concurrent.TimeUnit;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.storage.copy.Progress;
import picocli.CommandLine.Option;

/** Shows how far work is: on a terminal when it takes longer than a second, anywhere and at once by {@code -p}. */
final class LateProgress implements Progress, AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    /** The option. */
    static final class Wanted {
        @Option(names = {"-p", "--progress"}, description = "Show how far it is, even if it is done soon or there is no terminal.")
        private boolean always;
    }

    private final boolean always;
    private final String what;
    private final StatusLine line;
    private final long begun = System.nanoTime();

    LateProgress(StandardStreams streams, Wanted wanted, String what) {
        this.always = wanted.always;
        this.what = what;
        this.line = new StatusLine(streams.err(), streams.errorIsTerminal() ? StatusLine.Style.REDRAWN : always ? StatusLine.Style.LINES : StatusLine.Style.SILENT, false);
    }

    @Override
    public void advance(long done, long total) {
        if (always || System.nanoTime() - begun > PATIENCE) {
            line.advance(what, done, total);
        }
    }

    @Override
    public void close() {
        line.end();
    }
}
