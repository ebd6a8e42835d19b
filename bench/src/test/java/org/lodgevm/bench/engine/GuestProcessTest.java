package org.lodgevm.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class GuestProcessTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void theGuestsScriptSaysWhereItIsAndWaitsForTheHost() throws Exception {
        try (GuestProcess guest = new GuestProcess(
                List.of("sh", Path.of("src/guest/main.sh").toAbsolutePath().toString()))) {
            assertThat(guest.await("ready", SOON).nanos()).isGreaterThan(guest.started());
            guest.type("ash 1000 2");
            guest.await("start ash", SOON);
            guest.await("end ash", SOON);
            assertThat(guest.await("result ash ", SOON).text()).isEqualTo("result ash 50200");
            guest.type("");
            guest.await("done", SOON);
            guest.awaitEnd();
        }
    }

    @Test
    void aScriptThatFailsOrComplainsIsTold() throws Exception {
        try (GuestProcess guest = new GuestProcess(
                List.of("sh", Path.of("src/guest/main.sh").toAbsolutePath().toString()))) {
            guest.await("ready", SOON);
            guest.type("nosuch 1 1");
            guest.await("start nosuch", SOON);
            guest.await("end nosuch", SOON);
            assertThat(guest.await("result nosuch ", SOON).text()).contains("failed: status ", "nosuch.sh");
        }
    }

    @Test
    void theEndOfTheProcessIsToldWithItsLastWords() throws Exception {
        assertThatThrownBy(() -> awaitReady("echo Kernel panic; echo no memory >&2"))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContainingAll("ended before \"ready\"", "Kernel panic / no memory");
    }

    @Test
    void whatItWritesToStandardErrorIsKept() throws Exception {
        try (GuestProcess guest = new GuestProcess(List.of("sh", "-c", "echo '{\"a\": 1}' >&2"))) {
            guest.awaitEnd();
            assertThat(guest.errors()).containsExactly("{\"a\": 1}");
        }
    }

    @Test
    void anotherMarkThanTheAwaitedOneIsAnError() {
        assertThatThrownBy(() -> awaitReady("echo BENCH done")).hasMessageContaining("\"done\" appeared instead of \"ready\"");
    }

    @Test
    void aGuestThatHangsIsGivenUp() {
        assertThatThrownBy(() -> awaitReady("exec sleep 60")).hasMessageContaining("\"ready\" did not appear within 1 s");
    }

    @Test
    void aGuestThatFailsAfterItsWorkIsAnError() throws Exception {
        try (GuestProcess guest = new GuestProcess(List.of("sh", "-c", "exit 3"))) {
            assertThatThrownBy(guest::awaitEnd).hasMessageContaining("status 3");
        }
    }

    private static void awaitReady(String script) throws IOException, InterruptedException {
        try (GuestProcess guest = new GuestProcess(List.of("sh", "-c", script))) {
            guest.await("ready", Duration.ofSeconds(1));
        }
    }
}
