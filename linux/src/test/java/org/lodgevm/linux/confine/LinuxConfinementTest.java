package org.lodgevm.linux.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.machine.Confinement;

/** What a confined process can do, as {@link ConfinedProgram} finds out. The kernel is the oracle. */
class LinuxConfinementTest {
    /** How a shell, and Java, tell that a process was ended by a signal: SIGSYS. */
    private static final int KILLED_BY_FILTER = 128 + 31;

    /** Few hosts let a user have it, and nothing here needs it. */
    private static final String LIMITS = "cgroup";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        List<String> absent = new LinuxConfinement().barriers().stream().filter(barrier -> barrier.unavailable() != null && !barrier.name().equals(LIMITS))
                .map(barrier -> barrier.name() + ": " + barrier.unavailable()).toList();
        assumeTrue(absent.isEmpty(), absent.toString());
        folder = folder.toRealPath();
        for (String name : List.of("given", "other", "open")) {
            Files.writeString(folder.resolve(name), name + "'s text");
        }
        Files.createDirectory(folder.resolve("own"));
        Files.createFile(folder.resolve("own").resolve("locked"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
    }

    @Test
    void itIsFoundAsAService() {
        assertThat(ServiceLoader.load(Confinement.class)).singleElement().isInstanceOf(LinuxConfinement.class);
    }

    @Test
    void aRehearsalConfinesNothingAndLeavesNoRulesBehind() throws IOException {
        Confinement confinement = new LinuxConfinement();
        confinement.rehearse();
        confinement.rehearse();
        assertThat(folder.resolve("other")).hasContent("other's text");
        assertThat(Path.of("/proc/self/status")).content().contains("NoNewPrivs:\t0", "Seccomp:\t0");
        List<String> open = new ArrayList<>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                open.add(Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS) ? Files.readSymbolicLink(descriptor).toString() : "closed");
            }
        }
        assertThat(open).noneMatch(name -> name.contains("landlock")).containsOnlyOnce("/proc/cpuinfo");
    }

    @Test
    void aProcessKeepsWhatItNeedsAndNothingElse() throws Exception {
        assertThat(run()).isEqualTo(new TreeMap<>(Map.ofEntries(
                Map.entry("read given", "given's text"),
                Map.entry("write given", "AccessDeniedException"),
                Map.entry("read open", "open's text"),
                Map.entry("read other", "AccessDeniedException"),
                Map.entry("read other on an old thread", "AccessDeniedException"),
                Map.entry("list folder", "AccessDeniedException"),
                Map.entry("make file", "AccessDeniedException"),
                Map.entry("read password file", "AccessDeniedException"),
                Map.entry("own file", "text"),
                Map.entry("own locked file", "AccessDeniedException"),
                Map.entry("own folder's end", "gone"),
                Map.entry("program", "IOException"),
                Map.entry("child", "-1"),
                Map.entry("signal to parent", "-1"),
                Map.entry("typing", "-1"),
                Map.entry("netlink", "-97"),
                Map.entry("newer call", "-38"),
                Map.entry("core file", "Max core file size 0 0 bytes"),
                Map.entry("threads and sockets", "42"),
                Map.entry("names", "true"),
                Map.entry("threads", "[[CapInh:0, CapPrm:0, CapEff:0, CapAmb:0, NoNewPrivs:1, Seccomp:2]]"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXECVE", "PTRACE", "SETUID", "MOUNT", "BPF"})
    void aHostileCallEndsTheProcess(SystemCall call) throws Exception {
        Process process = start(call.name());
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isEqualTo(KILLED_BY_FILTER);
    }

    private Map<String, String> run() throws IOException, InterruptedException {
        Process process = start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        Map<String, String> results = new TreeMap<>();
        output.lines().forEach(line -> results.put(line.replaceFirst(": .*", ""), line.replaceFirst("[^:]*: ", "")));
        return results;
    }

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), ConfinedProgram.class.getName(), folder.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
