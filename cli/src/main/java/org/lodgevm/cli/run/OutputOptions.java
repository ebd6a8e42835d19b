package org.lodgevm.cli.run;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.lodgevm.cli.log.StandardErrorLogging;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.cli.terminal.StatusLine.Style;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** The options that say what Lodge tells beside the guest's output. */
final class OutputOptions {
    @Option(names = {"-v", "--verbose"}, description = "Show what Lodge does and the kernel's log, on standard error.")
    private boolean verbose;

    @Option(names = {"-q", "--quiet"}, description = "Show nothing but errors.")
    private boolean quiet;

    @Option(names = "--debug", description = "Show a stack trace with an error.")
    private boolean debug;

    @Option(names = "--stats", description = "At the end, tell time, guest instructions and memory on standard error.")
    private boolean stats;

    @Option(
            names = "--trace",
            split = ",",
            paramLabel = "CATEGORY",
            description = "Trace these, separated by commas: in_asm, int, mmu, io, cpu, ...")
    private Set<String> categories = Set.of();

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

    boolean stats() {
        return stats;
    }

    TraceLog openTrace(PrintStream err) throws IOException {
        return TraceLog.open(categories, traceFile, err);
    }

    OutputStream openDebugConsole(PrintStream err) throws IOException {
        return switch (debugConsole) {
            case null -> OutputStream.nullOutputStream();
            case "-" -> err;
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
