package org.lodgevm.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Trace.Category;

class TraceLogTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void linesGoToTheFileAndAreAllThereOnceItIsClosed() throws IOException {
        Path file = folder.resolve("trace.log");
        try (TraceLog log = TraceLog.open(Set.of(Category.INT), file, new PrintStream(err))) {
            assertThat(log.trace().on(Category.INT)).isTrue();
            assertThat(log.trace().on(Category.MMU)).isFalse();
            log.trace().line("int 0x80");
        }
        assertThat(file).hasContent("int 0x80");
        assertThat(err.size()).isZero();
    }

    @Test
    void withoutAFileTheyGoToStandardError() throws IOException {
        try (TraceLog log = TraceLog.open(Set.of(Category.IO), null, new PrintStream(err, true, UTF_8))) {
            log.trace().line("out 0x3f8");
        }
        assertThat(err.toString(UTF_8)).isEqualToIgnoringNewLines("out 0x3f8");
    }

    @Test
    void withoutACategoryNothingIsTraced() throws IOException {
        try (TraceLog log = TraceLog.open(Set.of(), null, new PrintStream(err))) {
            assertThat(log.trace()).isSameAs(Trace.OFF);
        }
    }
}
