package org.lodgevm.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.manage.ManageException.Reason;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.ForkedDisk;

class MachineStoreTest {
    @TempDir
    private Path folder;

    private MachineStore store;

    @BeforeEach
    void open() {
        store = new MachineStore(folder.resolve("machines"));
    }

    static MachineFile file() {
        return MachineFile.of("/", null, Map.of("cpus", 2, "publish", List.of("1:2", "3:4"), "no-rng", true, "no-reboot", false));
    }

    @Test
    void whatIsCreatedIsFoundAgain() {
        MachineFile file = file();
        store.create("web", file);
        assertThat(store.find("web").definition()).isEqualTo(file);
        assertThat(store.names()).containsExactly("web");
        assertThat(store.find("web").status().state()).isEqualTo(MachineState.CREATED);
    }

    @Test
    void optionsBecomeArguments() {
        assertThat(file().arguments()).containsExactlyInAnyOrder("--cpus=2", "--publish=1:2", "--publish=3:4", "--no-rng");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyItsOwnerMayLookIn() throws Exception {
        Path machine = store.create("web", file()).path();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(machine))).isEqualTo("rwx------");
    }

    @Test
    void aNameIsGivenOnce() {
        store.create("web", file());
        assertThatThrownBy(() -> store.create("web", file())).hasMessageContaining("already").extracting("reason").isEqualTo(Reason.NAME);
        assertThat(store.names()).containsExactly("web");
    }

    @Test
    void ofManyWhoCreateItAtOnceOneSucceeds() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> create = () -> {
                try {
                    store.create("web", file());
                    return true;
                } catch (ManageException e) {
                    return false;
                }
            };
            long successes = 0;
            for (var result : threads.invokeAll(IntStream.range(0, 16).mapToObj(i -> create).toList())) {
                successes += result.get() ? 1 : 0;
            }
            assertThat(successes).isEqualTo(1);
        }
    }

    @Test
    void anUnknownNameSuggestsSimilarOnes() {
        store.create("webserver", file());
        store.create("database", file());
        assertThatThrownBy(() -> store.find("wepserver")).hasMessageContaining("did you mean webserver?");
        store.create("web", file());
        assertThatThrownBy(() -> store.find("wbe")).hasMessageContaining("did you mean web?");
        assertThatThrownBy(() -> store.find("data")).hasMessageContaining("did you mean database?");
        assertThatThrownBy(() -> store.find("x")).hasMessageContaining("lodge ls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "-x", ".hidden", "a b", "a:b", "ä", "x\0y"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> store.create(name, file())).hasMessageContaining("is no name for a machine");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "{", "[]", "{} x", "{\"format\": 2}", "{\"format\": 1, \"format\": 1}", "{\"format\": 1, \"uuid\": 7}",
        "{\"format\": 1, \"uuid\": \"b0add78c-0000-4000-8000-000000000000\"}",
        "{\"format\": 1, \"uuid\": \"b0add78c-0000-4000-8000-000000000000\", \"folder\": \"/\", \"cpus\": 2}"
    })
    void aFileThatIsWrongIsNamed(String content) throws Exception {
        Path file = store.create("web", file()).path().resolve("machine.json");
        Files.writeString(file, content);
        assertThatThrownBy(() -> store.find("web").definition()).isInstanceOf(ManageException.class).hasMessageContaining(file.toString());
    }

    @Test
    void oneWaitsUntilTheMachineIsLetGo() throws Exception {
        MachineFolder machine = store.create("web", file());
        try (RunLock _ = machine.lock()) {
            assertThat(machine.awaitRelease(Duration.ZERO)).isFalse();
        }
        assertThat(machine.awaitRelease(Duration.ZERO)).isTrue();
        machine.lock().close(); // nobody has kept it
    }

    @Test
    void aProcessThatDoesNotAnswerIsDeadIfItHasLetGo() throws Exception {
        MachineFolder machine = store.create("web", file());
        machine.begin();
        try (RunLock _ = machine.lock()) {
            assertThat(machine.status().state()).isEqualTo(MachineState.HUNG);
        }
        assertThat(machine.status().state()).isEqualTo(MachineState.CRASHED);
    }

    @Test
    void whoeverHasTheLockRunsTheMachine() {
        MachineFolder machine = store.create("web", file());
        try (RunLock _ = machine.lock()) {
            assertThatThrownBy(() -> store.find("web").lock()).hasMessageContaining("lodge stop web");
            assertThatThrownBy(machine::remove).hasMessageContaining("runs already");
        }
        machine.lock().close();
        machine.remove();
        assertThat(store.names()).isEmpty();
        assertThat(folder.resolve("machines")).isEmptyDirectory();
    }

    @Test
    void aProcessThatWasKilledLeavesACrashedMachine() throws Exception {
        MachineFolder machine = store.create("web", file());
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version").start();
        process.waitFor();
        Json.write(machine.path().resolve("running.json"), new RunRecord(process.pid(), "2026-01-01T00:00:00Z", "/nowhere"));
        assertThat(machine.status().state()).isEqualTo(MachineState.CRASHED);
        assertThatThrownBy(machine::control).hasMessageContaining("was killed").hasMessageContaining("lodge start web");
    }

    @Test
    void anotherProcessOfTheSameNumberIsNotTheMachines() throws Exception {
        MachineFolder machine = store.create("web", file());
        Json.write(machine.path().resolve("running.json"), new RunRecord(ProcessHandle.current().pid(), "2001-01-01T00:00:00Z", "/nowhere"));
        assertThat(machine.status().state()).isEqualTo(MachineState.CRASHED);
    }

    @Test
    void anEndIsRemembered() throws Exception {
        MachineFolder machine = store.create("web", file());
        machine.begin();
        machine.end(new EndRecord("2026-01-01T00:00:00Z", 0, "powered off"));
        assertThat(machine.status().state()).isEqualTo(MachineState.STOPPED);
        assertThat(machine.end()).hasValueSatisfying(end -> assertThat(end.reason()).isEqualTo("powered off"));
        assertThat(machine.run()).isEmpty();
    }

    @Test
    void dataIsWhereTheSystemKeepsIt() {
        Path home = Path.of("/home/u").toAbsolutePath();
        assertThat(MachineStore.dataFolder(Map.of(), "Linux", home)).isEqualTo(home.resolve(".local/share/lodge"));
        assertThat(MachineStore.dataFolder(Map.of("XDG_DATA_HOME", home.resolve("d").toString()), "Linux", home)).isEqualTo(home.resolve("d/lodge"));
        assertThat(MachineStore.dataFolder(Map.of("XDG_DATA_HOME", "relative"), "Linux", home)).isEqualTo(home.resolve(".local/share/lodge"));
        assertThat(MachineStore.dataFolder(Map.of(), "Mac OS X", home)).isEqualTo(home.resolve("Library/Application Support/lodge"));
    }

    @Test
    void aConsolesLogKeepsTheEnd() throws Exception {
        Path file = folder.resolve("console.log");
        byte[] piece = new byte[1 << 20];
        try (BoundedLog log = new BoundedLog(file)) {
            for (long written = 0; written < 3 * BoundedLog.LARGEST; written += piece.length) {
                log.write(piece);
            }
        }
        assertThat(Files.size(file)).isLessThanOrEqualTo(BoundedLog.LARGEST);
        assertThat(Files.size(BoundedLog.old(file))).isEqualTo(BoundedLog.LARGEST);
    }

    @Test
    void aForkedMachinesDisksAreFoundAgainAndNeitherTakesTheOthersAlong() throws IOException {
        MachineFolder web = store.create("web", MachineFile.of("/", null, Map.of()));
        String own = file(web, "disk.qcow2");
        String first = file(web, "fork-1.qcow2");
        web.moveDisk(own, first);
        web.moveDisk("/data/d.raw", web.path().resolve("fork-2.qcow2").toString());
        assertThat(web.disk(web.definition(), own)).isEqualTo(first);
        assertThat(web.disk(web.definition(), "/data/d.raw")).endsWith("fork-2.qcow2");
        String second = file(web, "fork-3.qcow2");
        web.moveDisk(first, second);
        assertThat(web.disk(web.definition(), own)).as("after a second fork").isEqualTo(second);
        assertThat(web.forkedDisks()).as("those that were not made with it").containsOnlyKeys("/data/d.raw");

        MachineFolder copy = store.create("copy", web.definition());
        copy.copy(web, List.of(new ForkedDisk(new DeviceSpec.Disk(second, "qcow2", false, ""), first, "qcow2", 1 << 20, List.of(first, own))));
        assertThat(copy.definition().uuid()).isNotEqualTo(web.definition().uuid());
        assertThat(copy.definition().copyOf()).isEqualTo("web");
        String disk = copy.disk(copy.definition(), copy.path().resolve("disk.qcow2").toString());
        assertThat(disk).startsWith(copy.path().toString()).isNotEqualTo(second);
        web.remove();
        assertThat(copy.path().resolve("fork-1.qcow2")).exists();
        assertThat(copy.path().resolve("disk.qcow2")).exists();
        assertThat(copy.forkedDisks()).isEmpty();
        web = store.create("web", MachineFile.of("/", null, Map.of()));
        web.moveDisk("a", "b");
        web.moveDisk("b", "a");
        assertThat(web.definition().overlays()).as("undone").isEmpty();
    }

    private static String file(MachineFolder machine, String name) throws IOException {
        return Files.createFile(machine.path().resolve(name)).toString();
    }
}
