package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.MachineFile;
import picocli.CommandLine;

class MachineArgumentsTest {
    private static Map<String, Object> kept(String... arguments) {
        StandardStreams none = new StandardStreams(
                InputStream.nullInputStream(), OutputStream.nullOutputStream(), new PrintStream(OutputStream.nullOutputStream()), StandardStreams.Terminals.NONE);
        CommandLine create = new CommandLine(new CreateCommand(none)).setCaseInsensitiveEnumValuesAllowed(true);
        return MachineArguments.of(create.parseArgs(arguments), GuestOptions.names());
    }

    @Test
    void whatWasGivenIsKeptAndNothingElse() {
        assertThat(kept("web", "-m", "1G", "--cpus", "2", "-p", "8080:80", "--publish=2222:22", "--no-reboot", "-q")).containsExactlyInAnyOrderEntriesOf(Map.of(
                "memory", "1G", "cpus", 2, "publish", List.of("8080:80", "2222:22"), "no-reboot", true));
    }

    @Test
    void whatIsKeptMeansTheSameAgain() {
        String[] given = {"web", "--disk", "a b,,c.img,ro", "--append", "x=\"y z\"", "--no-rng", "--virtio", "mmio", "--memory", "128"};
        MachineFile file = MachineFile.of("/", null, kept(given));
        List<String> again = new ArrayList<>(file.arguments());
        again.addFirst("web");
        assertThat(kept(again.toArray(String[]::new))).isEqualTo(file.options());
    }
}
