package org.lodgevm.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.lodgevm.cli.terminal.StatusLine.Style;

class StatusLineTest {
    private static final String ERASE = "\r\033[K";

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private StatusLine line(Style style, boolean notes) {
        return new StatusLine(new PrintStream(err, true, UTF_8), style, notes);
    }

    private String shown() {
        return err.toString(UTF_8);
    }

    @Test
    void isGoneBeforeAnythingElseIsWritten() {
        StatusLine line = line(Style.REDRAWN, true);
        line.advance("linux", 500_000, 1_000_000);
        line.note("done");
        assertThat(shown()).isEqualTo(ERASE + "lodge: linux  50% of 1.0 MB" + ERASE + "lodge: done\n");
    }

    @Test
    void isRedrawnAtMostTenTimesASecondButShowsTheEnd() {
        StatusLine line = line(Style.REDRAWN, true);
        for (int i = 0; i <= 1000; i++) {
            line.advance("linux", i, 1000);
        }
        assertThat(shown()).contains("100%");
        assertThat(shown().split("lodge:").length).isLessThan(50);
    }

    @Test
    void staysAwayOnceTheGuestHasSpoken() {
        StatusLine line = line(Style.REDRAWN, true);
        line.end();
        line.advance("linux", 1, 2);
        line.showElapsed("booting");
        assertThat(shown()).isEmpty();
    }

    @Test
    void withoutATerminalEachStepIsOneLine() {
        StatusLine line = line(Style.LINES, true);
        line.advance("linux", 1, 3);
        line.advance("linux", 3, 3);
        line.advance("busybox", 1, 3);
        assertThat(shown()).isEqualTo("lodge: linux\nlodge: busybox\n");
    }

    @Test
    void quietMeansSilence() {
        StatusLine line = line(Style.SILENT, false);
        line.advance("linux", 1, 3);
        line.note("something");
        line.showElapsed("booting");
        assertThat(shown()).isEmpty();
    }

    @Test
    void fitsOnOneRowOfTheTerminal() {
        line(Style.REDRAWN, true).advance("x".repeat(200), 0, -1);
        assertThat(shown()).hasSizeLessThan(80 + ERASE.length());
    }
}
