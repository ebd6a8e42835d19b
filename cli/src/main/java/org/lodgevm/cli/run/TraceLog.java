package org.lodgevm.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.machine.Trace;

/** Where trace lines go: a file, complete on every way out of the JVM, or standard error. */
final class TraceLog implements AutoCloseable {
    private final PrintWriter lines;
    private final Trace trace;
    private final Thread flushAtExit = new Thread(this::flush, "trace");

    private TraceLog(PrintWriter lines, Set<Trace.Category> categories) {
        this.lines = lines;
        this.trace = categories.isEmpty() ? Trace.OFF : new Trace(categories, this::line);
        Runtime.getRuntime().addShutdownHook(flushAtExit);
    }

    /** @param file null for {@code err} */
    static TraceLog open(Set<Trace.Category> categories, Path file, PrintStream err) throws IOException {
        return new TraceLog(
                file == null ? new PrintWriter(err, true, UTF_8) : new PrintWriter(new BufferedWriter(Files.newBufferedWriter(file))),
                categories);
    }

    Trace trace() {
        return trace;
    }

    private synchronized void line(String line) {
        lines.println(line);
    }

    private synchronized void flush() {
        lines.flush();
    }

    @Override
    public void close() {
        if (lines.checkError()) {
            throw new Failure(ExitStatus.HOST, "the trace file could not be written to its end; is its disk full?");
        }
        try {
            Runtime.getRuntime().removeShutdownHook(flushAtExit);
        } catch (IllegalStateException shuttingDown) {
            // it flushes once more
        }
    }
}
