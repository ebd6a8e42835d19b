package org.lodgevm.cli.run;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.log.StandardErrorLogging;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.cli.terminal.StatusLine.Style;
import org.lodgevm.machine.Trace;
import org.lodgevm.vm.Machine;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** The options that say what Lodge tells beside the guest's output. */
final class OutputOptions {
    @Option(names = "--verbose", description = "Show what Lodge does and the kernel's log, on standard error.")
    private boolean verbose;

    @Option(names = {"-q", "--quiet"}, description = "Show nothing but errors.")
    private boolean quiet;

    @Option(names = "--debug", description = "Show a stack trace with an error.")
    private boolean debug;

    @Option(names = "--stats", description = "At the end, tell time, guest instructions and memory on standard error.")
    private boolean stats;

    @Option(names = "--json", description = "With --stats: as a line of JSON.")
    private boolean json;

    @Option(
            names = "--trace",
            split = ",",
            paramLabel = "CATEGORY",
            completionCandidates = TraceCategory.class,
            converter = TraceCategory.class,
            description = "Trace these, separated by commas: ${COMPLETION-CANDIDATES}.")
    private Set<Trace.Category> categories = Set.of();

    @Option(names = "--trace-file", paramLabel = "FILE", description = "Write the trace there instead of to standard error.")
    private Path traceFile;

    @Option(names = "--debug-console", paramLabel = "FILE", description = "Write what the guest sends to port 0xe9 there; - is standard error.")
    private String debugConsole;

    boolean verbose() {
        return verbose;
    }

    boolean quiet() {
        return quiet;
    }

    /** Refuses options that say something only together with others. */
    void check() {
        if (traceFile != null && categories.isEmpty()) {
            throw new Failure(ExitStatus.USAGE, "--trace-file needs to be told what to write there; add --trace, for instance --trace int");
        }
        if (json && !stats) {
            throw new Failure(ExitStatus.USAGE, "--json says how --stats is written; add --stats");
        }
    }

    /** @param started {@link System#nanoTime} then */
    void tellStatistics(Machine machine, long started, PrintStream err) {
        if (stats) {
            Statistics statistics = Statistics.of(machine, started);
            err.println(json ? statistics.json() : statistics.sentence());
        }
    }

    TraceLog openTrace(PrintStream err) throws IOException {
        return TraceLog.open(categories, traceFile, err);
    }

    OutputStream openDebugConsole(PrintStream err) throws IOException {
        return switch (debugConsole) {
            case null -> OutputStream.nullOutputStream();
            case "-" -> new FilterOutputStream(err) {
                @Override
                public void close() {
                    err.flush(); // it is not ours to close
                }
            };
            default -> Files.newOutputStream(Path.of(debugConsole));
        };
    }

    /** Adjusts the libraries' log. */
    void applyToLog() {
        StandardErrorLogging.threshold(debug ? Level.DEBUG : verbose ? Level.INFO : quiet ? Level.ERROR : Level.WARN);
    }

    StatusLine statusLine(StandardStreams streams) {
        Style style = quiet ? Style.SILENT : verbose ? Style.LINES : streams.errorIsTerminal() ? Style.REDRAWN : Style.SILENT;
        return new StatusLine(streams.err(), style, !quiet);
    }
}
