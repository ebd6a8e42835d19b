package org.lodgevm.linux.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.Confinement.Resources;

/** Files as the kernel shows them to a user's session; and, where the host lets us, the kernel's own. */
class ControlGroupTest {
    private static final String SLICE = "sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice";
    private static final int PROCESS = 4711;

    @TempDir
    Path root;

    @BeforeEach
    void aSession() throws IOException {
        write("proc/self/mountinfo", "25 30 0:23 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
        write("proc/self/cgroup", "0::/user.slice/user-1000.slice/user@1000.service/app.slice/shell.scope\n");
        write(SLICE + "/cgroup.subtree_control", "cpu memory pids\n");
        write(SLICE + "/cgroup.procs", "");
        write(SLICE + "/shell.scope/cgroup.subtree_control", "\n");
        write(SLICE + "/shell.scope/cgroup.procs", "1\n");
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(SLICE).resolve(path));
    }

    private void enter(long memory, long cpuPercent) {
        new ControlGroup(root).enter(new Resources(memory, cpuPercent), PROCESS);
    }

    @Test
    void theMachinesGroupIsBesideTheOneThatItWasStartedIn() throws IOException {
        enter(2L << 30, 150);
        assertThat(read("lodge-4711/memory.max")).isEqualTo("2147483648");
        assertThat(read("lodge-4711/cpu.max")).isEqualTo("150000 100000");
        assertThat(read("lodge-4711/pids.max")).isEqualTo("1024");
        assertThat(read("lodge-4711/cgroup.procs")).isEqualTo("4711");
    }

    @Test
    void whatIsNotLimitedIsNotWritten() {
        enter(Resources.UNLIMITED, 50);
        assertThat(root.resolve(SLICE + "/lodge-4711/memory.max")).doesNotExist();
    }

    @Test
    void aGroupWithoutControllersIsNoPlaceForIt() throws IOException {
        write(SLICE + "/cgroup.subtree_control", "memory pids\n");
        assertThat(new ControlGroup(root).unavailable()).contains("may not make a control group with limits beside").contains("systemd-run");
        assertThatThrownBy(() -> enter(1 << 30, 100)).isInstanceOf(IllegalStateException.class);
        write(SLICE + "/shell.scope/cgroup.subtree_control", "cpu io memory pids\n");
        enter(1 << 30, 100);
        assertThat(root.resolve(SLICE + "/shell.scope/lodge-4711/memory.max")).exists();
    }

    @Test
    void insideAContainerPathsBeginAtWhatIsMounted() throws IOException {
        write("proc/self/mountinfo", "25 30 0:23 /machine/c1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        write("proc/self/cgroup", "0::/machine/c1/work\n");
        write("sys/fs/cgroup/cgroup.subtree_control", "cpu memory pids\n");
        write("sys/fs/cgroup/cgroup.procs", "");
        enter(1 << 30, 100);
        assertThat(root.resolve("sys/fs/cgroup/lodge-4711/memory.max")).exists();
    }

    @Test
    void versionOneWillNotDo() throws IOException {
        write("proc/self/mountinfo", "25 30 0:23 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
        assertThat(new ControlGroup(root).unavailable()).startsWith("version 2 of control groups is not mounted");
    }

    @Test
    void emptyGroupsOfEarlierMachinesGo() throws IOException {
        Files.createDirectories(root.resolve(SLICE + "/lodge-17"));
        write(SLICE + "/lodge-18/cgroup.events", "populated 1\nfrozen 0\n");
        enter(1 << 30, 100);
        assertThat(root.resolve(SLICE + "/lodge-17")).as("it says nothing of itself").exists();
        assertThat(root.resolve(SLICE + "/lodge-18")).exists();
    }

    /** The kernel refuses more than it was told: a process of a thousand sleepers cannot be. */
    @Test
    void theKernelKeepsTheLimit() throws IOException, InterruptedException {
        String why = ControlGroup.ofHost().unavailable();
        assumeTrue(why == null, "no control group can be made here: " + why);
        Process process = new ProcessBuilder("sh", "-c", "read -r _; i=0; while [ $i -lt 1100 ]; do sleep 20 & i=$((i + 1)); done").redirectErrorStream(true).start();
        try {
            ControlGroup.ofHost().enter(new Resources(1 << 30, 100), process.pid());
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).containsIgnoringCase("fork");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
