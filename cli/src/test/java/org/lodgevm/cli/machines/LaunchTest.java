package org.lodgevm.cli.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.manage.MachineFile;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;

/** With a shell script in the place of the machine's process. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class LaunchTest {
    private static final String LAUNCHER = "lodge.launcher";
    private static final long PAUSE_MILLIS = 10;

    private final String launcher = System.getProperty(LAUNCHER);

    @TempDir
    private Path folder;

    private MachineFolder machine;

    @BeforeEach
    void makeMachine() {
        machine = new MachineStore(folder.resolve("machines")).create("m", MachineFile.of(folder.toString(), null, Map.of()));
    }

    @AfterEach
    void launchAsBefore() {
        if (launcher == null) {
            System.clearProperty(LAUNCHER);
        } else {
            System.setProperty(LAUNCHER, launcher);
        }
    }

    @Test
    void theProcessStartsBeforeItIsToGoAndOutlivesItsStart() throws Exception {
        process("touch begun; read -r order; echo \"$order\" >order; echo ready; sleep 0.2; touch later");
        try (Launch launch = new Launch(machine)) {
            await("begun");
            assertThat(folder.resolve("order")).doesNotExist();
            launch.go();
        }
        assertThat(folder.resolve("order")).hasContent("go");
        await("later");
    }

    @Test
    void aProcessThatIsNotToGoIsToldSo() throws Exception {
        process("touch begun; read -r order || touch left");
        try (Launch _ = new Launch(machine)) {
            await("begun");
        }
        await("left");
    }

    /** A JVM in which a thread waits in the kernel ends late. */
    @RepeatedTest(10)
    void nobodyWaitsForTheProcessWhenTheMachineRuns() throws Exception {
        process("read -r order; echo ready; exec sleep 2");
        try (Launch launch = new Launch(machine)) {
            launch.go();
            assertThat(Thread.getAllStackTraces().values()).noneMatch(frames -> Arrays.stream(frames).anyMatch(frame -> frame.getMethodName().startsWith("waitForProcessExit")));
        }
    }

    @Test
    void whyItDoesNotRunIsTold() throws Exception {
        process("read -r order; echo failed 66; sleep 0.1; echo 'lodge: not today' >&2");
        try (Launch launch = new Launch(machine)) {
            assertThatThrownBy(launch::go).hasMessage("not today").isInstanceOfSatisfying(Failure.class, why -> assertThat(why.status()).isEqualTo(ExitStatus.NO_INPUT));
        }
    }

    @Test
    void aProcessThatEndsBeforeItIsToGoIsNotMissed() throws Exception {
        process("echo 'lodge: there is no Java' >&2; touch begun");
        try (Launch launch = new Launch(machine)) {
            await("begun");
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            assertThatThrownBy(launch::go).hasMessage("there is no Java").isInstanceOfSatisfying(Failure.class, why -> assertThat(why.status()).isEqualTo(ExitStatus.HOST));
        }
    }

    private void process(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("lodge"), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        System.setProperty(LAUNCHER, program.toString());
    }

    private void await(String file) throws InterruptedException {
        while (!Files.exists(folder.resolve(file))) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }
}
