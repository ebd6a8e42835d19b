package org.lodgevm.cli.machines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.image.initramfs.Initramfs;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.guest.GuestCommand;
import org.lodgevm.vm.guest.GuestProcess;
import org.lodgevm.vm.guest.GuestResult;

/** The agent's script, run by the shells of this host, and the host's end of its protocol. */
@EnabledOnOs(OS.LINUX)
class AgentScriptTest {
    /** What a pipe takes in one piece. */
    private static final String PIECE = "4096";

    @TempDir
    private Path folder;

    private Process agent;

    /** Shells that a guest may have; those that are not installed here are left out. */
    static List<List<String>> shells() {
        List<List<String>> shells = new ArrayList<>();
        for (List<String> shell : List.of(List.of("dash"), List.of("bash", "--posix"), List.of("busybox", "sh"))) {
            for (String place : System.getenv("PATH").split(":")) {
                if (Files.isExecutable(Path.of(place, shell.getFirst())) && !shells.contains(shell)) {
                    shells.add(shell);
                }
            }
        }
        return shells;
    }

    private Guest guest(List<String> shell) throws IOException {
        Path script = Files.write(folder.resolve("agent"), Initramfs.agent());
        assumeThat(Files.isExecutable(Path.of("/usr/bin/setsid"))).isTrue();
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of(script.toString(), "-", PIECE));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("TMPDIR", folder.toString());
        agent = builder.start();
        return new Guest(agent.getInputStream(), agent.getOutputStream(), List.of());
    }

    @AfterEach
    void end() throws Exception {
        if (agent != null) {
            agent.destroy();
            agent.waitFor();
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void everyByteGoesThroughAndComesBack(List<String> shell) throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        GuestResult result = guest(shell).exec(GuestCommand.of("cat"), new ByteArrayInputStream(bytes));
        assertThat(result.status()).isZero();
        assertThat(result.stdout()).isEqualTo(bytes);
        assertThat(result.stderr()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void wordsVariablesFoldersAndStatusAreKept(List<String> shell) throws Exception {
        Guest guest = guest(shell);
        String odd = "a 'b' \"c\" $d `e` \\ \n * ü";
        assertThat(new String(guest.exec("printf", "%s", odd).stdout(), UTF_8)).isEqualTo(odd);
        GuestCommand command = GuestCommand.of("sh", "-c", "printf %s \"$X\"; pwd >&2; exit 42").with("X", odd).in("/usr");
        GuestResult result = guest.exec(command, new ByteArrayInputStream(new byte[0]));
        assertThat(new String(result.stdout(), UTF_8)).isEqualTo(odd);
        assertThat(result.errors()).isEqualTo("/usr");
        assertThat(result.status()).isEqualTo(42);
        assertThat(guest.exec("no such command").status()).isEqualTo(127);
        assertThatThrownBy(() -> guest.exec("false").orThrow()).hasMessageContaining("status 1");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void manyCommandsAtOnceDoNotMix(List<String> shell) throws Exception {
        Guest guest = guest(shell);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<GuestResult>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String word = "word" + i;
                results.add(threads.submit((Callable<GuestResult>) () -> guest.exec("sh", "-c", "yes " + word + " | head -n 20000")));
            }
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get().text().lines()).hasSize(20_000).containsOnly("word" + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void signalsReachTheCommand(List<String> shell) throws Exception {
        Guest guest = guest(shell);
        String command = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done";
        try (GuestProcess process = guest.start(GuestCommand.of("sh", "-c", command))) {
            assertThat(line(process)).isEqualTo("ready");
            process.signal("TERM");
            assertThat(process.waitFor()).isEqualTo(9);
        }
    }

    private static String line(GuestProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = process.stdout().read(); next != '\n'; next = process.stdout().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatNobodyWantsAnyMoreIsKilled(List<String> shell) throws Exception {
        Guest guest = guest(shell);
        long pid;
        try (GuestProcess process = guest.start(GuestCommand.of("sh", "-c", "echo $$; exec sleep 1000"))) {
            pid = Long.parseLong(line(process));
        }
        ProcessHandle sleep = ProcessHandle.of(pid).orElse(null);
        if (sleep != null) {
            sleep.onExit().get();
        }
        assertThat(guest.exec("true").status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aCommandThatReadsNothingStopsItsInput(List<String> shell) throws Exception {
        GuestResult result = guest(shell).exec(GuestCommand.of("true"), new ByteArrayInputStream(new byte[1 << 20]));
        assertThat(result.status()).isZero();
    }
}
