package org.lodgevm.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.lodgevm.cli.terminal.StatusLine.Style;

class GuestOutputTest {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final StatusLine status = new StatusLine(new PrintStream(screen, true, UTF_8), Style.REDRAWN, true);

    @Test
    void theStatusLineIsErasedBeforeTheGuestsFirstByte() throws IOException {
        status.advance("booting", 0, -1);
        GuestOutput output = new GuestOutput(screen, status, () -> {});
        output.write('$');
        assertThat(screen.toString(UTF_8)).endsWith("\r\033[K$");
    }

    @Test
    void aReaderThatIsGoneIsReported() {
        AtomicInteger reports = new AtomicInteger();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        GuestOutput output = new GuestOutput(closed, status, reports::incrementAndGet);
        assertThatThrownBy(() -> output.write('$')).isInstanceOf(IOException.class);
        assertThat(reports).hasValue(1);
    }
}
