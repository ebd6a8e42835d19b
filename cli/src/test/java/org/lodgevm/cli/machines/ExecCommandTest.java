package org.lodgevm.cli.machines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.cli.terminal.StandardStreams;
import picocli.CommandLine;

class ExecCommandTest {
    private static List<String> words(String... arguments) {
        ExecCommand command = new ExecCommand(StandardStreams.ofProcess());
        new CommandLine(command).setStopAtPositional(true).parseArgs(arguments);
        return command.words();
    }

    @Test
    void twoDashesBetweenTheNameAndTheCommandAreNoPartOfIt() {
        assertThat(words("web", "--", "uname", "-a")).containsExactly("uname", "-a");
        assertThat(words("--wait", "1", "web", "uname", "-a")).containsExactly("uname", "-a");
        assertThat(words("web", "sh", "-c", "$0", "--")).containsExactly("sh", "-c", "$0", "--");
    }

    @Test
    void withoutACommandItIsAShell() {
        assertThat(words("web")).isEqualTo(words("web", "--")).first().isEqualTo("sh");
    }
}
