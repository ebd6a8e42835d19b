package org.lodgevm.image.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.initramfs.CpioReader;

class RunPlanTest {
    private static final String UNIT = "lodge/units/lodge-session.service.d/streams.conf";

    @Test
    void withoutACommandThereIsAShell() {
        assertThat(RunPlan.shell(Window.DEFAULT).command()).containsExactly("sh", "-l");
        assertThat(script(RunPlan.shell(Window.DEFAULT), "command")).endsWith("exec 'sh' '-l'\n");
    }

    @Test
    void aTerminalHasTheHostsSize() {
        assertThat(script(RunPlan.shell(new Window(50, 132)), "plan"))
                .isEqualTo("mode=terminal\nterminal=/dev/ttyS1\nrows=50\ncolumns=132\n");
        assertThat(script(RunPlan.command("true"), "plan")).startsWith("mode=pipes\n");
    }

    @Test
    void thePlanFollowsTheSharedArchive(@TempDir Path folder) throws IOException {
        byte[] shared = RunPlan.command("shared").overlay();
        byte[] both = RunPlan.command("own").initrd(Files.write(folder.resolve("shared"), shared));
        List<CpioReader.Member> members = CpioReader.read(both);
        assertThat(members.stream().map(CpioReader.Member::name))
                .containsExactly(
                        "lodge/plan", "lodge/command", UNIT, "TRAILER!!!", "lodge/plan", "lodge/command", UNIT, "TRAILER!!!");
        assertThat(members.get(5).text()).contains("'own'");
    }

    @Test
    void directoryAndVariablesAreThoseOfThePlan() throws Exception {
        RunPlan plan = new RunPlan(
                List.of("sh", "-c", "echo \"$PWD $A $B\""), Map.of("A", "it's", "B", "$(no)`no`\\"), "/", Optional.empty(), false);
        assertThat(run(plan)).isEqualTo("/ it's $(no)`no`\\\n");
    }

    @Property(tries = 60)
    void everyArgumentArrivesAsItIs(
            @ForAll @Size(max = 5) List<@NotEmpty @CharRange(from = '\1', to = '\u017f') String> arguments)
            throws Exception {
        String[] command = new String[arguments.size() + 2];
        command[0] = "printf";
        command[1] = "%s\\n.\\n";
        for (int i = 0; i < arguments.size(); i++) {
            command[i + 2] = arguments.get(i);
        }
        StringBuilder expected = new StringBuilder();
        arguments.forEach(argument -> expected.append(argument).append("\n.\n"));
        assertThat(run(RunPlan.command(command))).isEqualTo(expected.isEmpty() ? "\n.\n" : expected.toString());
    }

    @Test
    void onlyAfterCloudInitIfThatIsWanted(@TempDir Path folder) throws Exception {
        RunPlan plan = RunPlan.command("echo", "done");
        assertThat(run(plan.afterCloudInit(), cloudInit(folder, 0))).as("its output is of no interest").isEqualTo("done\n");
        assertThat(run(plan.afterCloudInit(), cloudInit(folder, 1)))
                .startsWith("cloud-init status --long\nlodge: cloud-init could not")
                .endsWith("done\n");
        assertThat(run(plan, cloudInit(folder, 1))).isEqualTo("done\n");
    }

    /** Has a shell find a cloud-init that ends with this status. */
    private static String cloudInit(Path folder, int status) throws IOException {
        Path program = Files.writeString(folder.resolve("cloud-init"), "#!/bin/sh\necho cloud-init $*\nexit %d\n".formatted(status));
        assumeTrue(program.toFile().setExecutable(true), "needs Unix's permissions");
        return "PATH='%s':$PATH\n".formatted(folder);
    }

    @Test
    void aNulCannotBePassed() {
        assertThatThrownBy(() -> RunPlan.command("a\0b").overlay()).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A-B", "A=", "A;reboot", "A\nB"})
    void whatIsNoNameOfAVariableIsRefused(String name) {
        RunPlan plan = RunPlan.command("true");
        assertThatThrownBy(() -> plan.with(name, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    /** What a shell of this machine prints when it gets the plan's script. */
    private static String run(RunPlan plan) throws IOException, InterruptedException {
        return run(plan, "");
    }

    /** @param before what the shell reads first */
    private static String run(RunPlan plan, String before) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
        String script = script(plan, "command").replace("cd '/root'", "cd /");
        Process shell = new ProcessBuilder("/bin/sh").redirectErrorStream(true).start();
        try (var in = shell.getOutputStream()) {
            in.write((before + script).getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return said;
    }

    private static String script(RunPlan plan, String name) {
        return CpioReader.read(plan.overlay()).stream()
                .filter(member -> member.name().equals("lodge/" + name))
                .findFirst()
                .orElseThrow()
                .text();
    }
}
