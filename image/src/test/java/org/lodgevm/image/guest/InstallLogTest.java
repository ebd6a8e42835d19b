package org.lodgevm.image.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.InstallerMachine.InstallLog;

class InstallLogTest {
    private final List<String> steps = new ArrayList<>();
    private final InstallLog log = new InstallLog(4, "installing", new Progress() {
        @Override
        public void advance(String what, long done, long total) {
            steps.add(what);
        }

        @Override
        public void note(String message) {}
    });

    @Test
    void dpkgsStepsAreProgress() throws IOException {
        write("lodge: base\r\nprocessing: install: apt\r\nstatus: apt: unpacked\r\nprocessing: configure: apt\r\n");
        assertThat(steps).containsExactly("installing: 25%", "installing: 50%", "installing: 75%");
        assertThat(log.isDone()).isFalse();
        assertThat(log.tail()).isEmpty();
    }

    @Test
    void moreStepsThanExpectedAreNotMoreThanAll() throws IOException {
        write("processing: x\n".repeat(9) + "lodge: done\n");
        assertThat(steps.getLast()).isEqualTo("installing: 100%");
        assertThat(log.isDone()).isTrue();
    }

    @Test
    void theLastOtherLinesAreKept() throws IOException {
        for (int i = 0; i < 100; i++) {
            write("error " + i + "\n");
        }
        write("x".repeat(1 << 16) + "\n");
        assertThat(log.tail()).doesNotContain("error 74\n").startsWith("error 76\n");
        assertThat(log.tail().length()).isLessThan(1 << 13);
    }

    @Test
    void whatATerminalWouldObeyIsLeftOut() throws IOException {
        write("[\u001b[0;32m  OK  \u001b[0m] \u001b]0;title\u0007\u0000done\u001b[2J\n");
        assertThat(log.tail()).isEqualTo("[  OK  ] ]0;titledone");
    }

    private void write(String text) throws IOException {
        log.write(text.getBytes(US_ASCII));
    }
}
