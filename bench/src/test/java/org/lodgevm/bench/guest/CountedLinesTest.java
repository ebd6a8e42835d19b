package org.lodgevm.bench.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CountedLinesTest {
    @Test
    void aLineCarriesTheCountAtItsEnd() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        AtomicLong instructions = new AtomicLong(1);
        try (OutputStream lines = new CountedGuest.CountedLines(() -> Map.of("instructions", instructions.get()), new PrintStream(written, true, StandardCharsets.UTF_8))) {
            lines.write("BENCH ".getBytes(StandardCharsets.UTF_8));
            instructions.set(42);
            lines.write("ready\r\nnot finished".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(written.toString(StandardCharsets.UTF_8).lines()).containsExactly("instructions=42\tBENCH ready");
    }
}
