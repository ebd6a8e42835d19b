package org.lodgevm.image.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.cache.Digest;
import org.lodgevm.image.session.ConsoleProtocol;
import org.lodgevm.image.session.RunPlan;
import org.lodgevm.image.session.Window;

/**
 * The guest's end of a session, for real: Debian's kernel and busybox in QEMU. Takes minutes, QEMU, and packages from
 * the cache or the network, so it is to be asked for: {@code -Dlodge.qemu=true}.
 */
@EnabledIfSystemProperty(named = "lodge.qemu", matches = "true")
@Timeout(120)
class QemuSessionTest {
    private static GuestImage image;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void prepare() {
        image = DebianGuest.of(DebianPackages.configured(), Architecture.AMD64).prepare(Progress.SILENT);
    }

    @Test
    void aCommandsOutputIsAllThatComesOut() throws Exception {
        assertThat(run(RunPlan.command("uname", "-a"), "")).hasValue(0);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Linux lodge 6.").contains("Debian").endsWith(" GNU/Linux\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void standardErrorComesOutApart() throws Exception {
        assertThat(run(RunPlan.command("sh", "-c", "echo err >&2; echo out"), "")).hasValue(0);
        assertThat(out).hasToString("out\n");
        assertThat(err).hasToString("err\n");
    }

    @ParameterizedTest
    @CsvSource({"exit 42, 42", "kill -KILL $$, 137", "kill -INT $$, 130", "kill -TERM $$, 143", "nosuch, 127", "/etc/passwd, 126"})
    void theStatusIsTheOneOfAShell(String script, int status) throws Exception {
        assertThat(run(RunPlan.command("sh", "-c", script), "")).hasValue(status);
    }

    @Test
    void aCommandThatDoesNotExistIsSaidToBe() throws Exception {
        assertThat(run(RunPlan.command("nosuch"), "")).hasValue(127);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("nosuch: not found");
    }

    @Test
    void aMegabyteOfAnyBytesPassesBothWays() throws Exception {
        byte[] input = random(1 << 20);
        assertThat(run(RunPlan.command("cat"), new ByteArrayInputStream(input), out)).hasValue(0);
        assertThat(out.toByteArray()).isEqualTo(input);
    }

    @Test
    void aCommandThatIsSlowToReadLosesNothing() throws Exception {
        byte[] input = random(1 << 20);
        RunPlan plan = RunPlan.command("sh", "-c", "sleep 2; sha256sum");
        assertThat(run(plan, new ByteArrayInputStream(input), out)).hasValue(0);
        assertThat(out).hasToString(Digest.of(input).sha256() + "  -\n");
    }

    @Test
    void aCommandThatDoesNotReadItsInputEndsAllTheSame() throws Exception {
        RunPlan plan = RunPlan.command("sh", "-c", "exec <&-; echo done");
        assertThat(run(plan, new ByteArrayInputStream(random(1 << 20)), out)).hasValue(0);
        assertThat(out).hasToString("done\n");
    }

    @Test
    void whatACommandLeavesRunningEndsWithIt() throws Exception {
        assertThat(run(RunPlan.command("sh", "-c", "sleep 1000 & echo started"), "")).hasValue(0);
        assertThat(out).hasToString("started\n");
    }

    @Test
    void aCommandIsToldThatNobodyReadsItsOutput() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThat(run(RunPlan.command("yes"), InputStream.nullInputStream(), closed)).hasValue(141);
    }

    @Test
    void aShellOnATerminalHasJobControlAndTheTerminalsSize() throws Exception {
        PipedOutputStream keys = new PipedOutputStream();
        InputStream keyboard = new PipedInputStream(keys);
        CompletableFuture<OptionalInt> status = new CompletableFuture<>();
        try (QemuMachine machine = new QemuMachine(image, RunPlan.shell(new Window(33, 99)), folder)) {
            ConsoleProtocol protocol = protocol(machine, RunPlan.shell(new Window(33, 99)));
            Thread.startVirtualThread(() -> complete(status, protocol, keyboard));
            awaitOutput("lodge:~# ");
            type(keys, "stty size; tty\n", "33 99\r\n/dev/ttyS1\r\n");
            protocol.resize(40, 120);
            Thread.sleep(500);
            type(keys, "stty size\n", "40 120\r\n");
            type(keys, "sleep 1000\n", "sleep 1000\r\n");
            Thread.sleep(500);
            type(keys, "\3", "^C");
            type(keys, "echo status $?\n", "status 130\r\n");
            keys.write("exit 7\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(status.get()).hasValue(7);
            assertThat(machine.isOffWithin(20)).isTrue();
        }
    }

    @Test
    void ctrlCEndsACommandOnATerminal() throws Exception {
        PipedOutputStream keys = new PipedOutputStream();
        InputStream keyboard = new PipedInputStream(keys);
        CompletableFuture<OptionalInt> status = new CompletableFuture<>();
        RunPlan plan = RunPlan.command("sh", "-c", "echo ready; exec sleep 1000").onTerminal(Window.DEFAULT);
        try (QemuMachine machine = new QemuMachine(image, plan, folder)) {
            Thread.startVirtualThread(() -> complete(status, protocol(machine, plan), keyboard));
            awaitOutput("ready");
            type(keys, "\3", "^C");
            assertThat(status.get()).hasValue(130);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void anInputThatEndsAtOnceIsNoProblem(int repetition) throws Exception {
        assertThat(run(RunPlan.command("wc", "-c"), "")).as("run %d", repetition).hasValue(0);
        assertThat(out).hasToString("0\n");
    }

    @Test
    void poweroffInsideSwitchesTheMachineOff() throws Exception {
        try (QemuMachine machine = new QemuMachine(image, RunPlan.command("poweroff"), folder)) {
            OptionalInt status = protocol(machine, RunPlan.command("poweroff"))
                    .run(InputStream.nullInputStream(), out, err);
            assertThat(machine.isOffWithin(20)).isTrue();
            assertThat(status.orElse(0)).isZero();
        }
    }

    @Test
    void rebootInsideStartsTheSessionAgain() throws Exception {
        PipedOutputStream keys = new PipedOutputStream();
        InputStream keyboard = new PipedInputStream(keys);
        CompletableFuture<OptionalInt> status = new CompletableFuture<>();
        RunPlan plan = RunPlan.shell(Window.DEFAULT);
        try (QemuMachine machine = new QemuMachine(image, plan, folder)) {
            Thread.startVirtualThread(() -> complete(status, protocol(machine, plan), keyboard));
            awaitOutput("lodge:~# ");
            int before = out.size();
            keys.write("reboot\n".getBytes(StandardCharsets.US_ASCII));
            keys.flush();
            awaitOutput("BusyBox", before);
            awaitOutput("lodge:~# ", before + "lodge:~# reboot\r\n".length());
            keys.write("exit 5\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(status.get()).hasValue(5);
        }
    }

    private OptionalInt run(RunPlan plan, String input) throws Exception {
        return run(plan, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out);
    }

    private OptionalInt run(RunPlan plan, InputStream input, OutputStream output) throws Exception {
        try (QemuMachine machine = new QemuMachine(image, plan, folder)) {
            OptionalInt status = protocol(machine, plan).run(input, output, err);
            assertThat(machine.isOffWithin(20)).as("powers off").isTrue();
            assertThat(machine.log()).doesNotContain("Kernel panic").doesNotContain("/lodge/session:");
            return status;
        }
    }

    private static ConsoleProtocol protocol(QemuMachine machine, RunPlan plan) {
        return new ConsoleProtocol(machine.uart(1), machine.uart(2), machine.uart(3), plan);
    }

    private void complete(CompletableFuture<OptionalInt> status, ConsoleProtocol protocol, InputStream keyboard) {
        try {
            status.complete(protocol.run(keyboard, out, err));
        } catch (Throwable failure) {
            status.completeExceptionally(failure);
        }
    }

    private void type(OutputStream keys, String typed, String expected) throws IOException, InterruptedException {
        int before = out.size();
        keys.write(typed.getBytes(StandardCharsets.US_ASCII));
        keys.flush();
        awaitOutput(expected, before);
    }

    private void awaitOutput(String expected) throws InterruptedException {
        awaitOutput(expected, 0);
    }

    private void awaitOutput(String expected, int from) throws InterruptedException {
        while (!out.toString(StandardCharsets.ISO_8859_1).substring(from).contains(expected)) {
            Thread.sleep(20);
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
