package org.lodgevm.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.ManageException;
import picocli.CommandLine;

class SuperviseCommandTest {
    private static final String NOBODY = "nobody-has-this-name";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aMachineThatIsNotToGoIsNotLookedAt() throws Exception {
        assertThat(supervise("", SuperviseCommand.AWAIT, NOBODY)).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void aMachineThatIsToGoDoes() {
        assertThatThrownBy(() -> supervise("go\n", SuperviseCommand.AWAIT, NOBODY)).isInstanceOf(ManageException.class).hasMessageContaining(NOBODY);
        assertThat(out.toString(UTF_8)).startsWith(SuperviseCommand.FAILED);
    }

    @Test
    void nothingIsAwaitedByDefault() {
        assertThatThrownBy(() -> supervise("", NOBODY)).isInstanceOf(ManageException.class).hasMessageContaining(NOBODY);
    }

    private int supervise(String in, String... arguments) throws Exception {
        SuperviseCommand command = new SuperviseCommand(new StandardStreams(
                new ByteArrayInputStream(in.getBytes(UTF_8)), out, new PrintStream(OutputStream.nullOutputStream(), true, UTF_8), StandardStreams.Terminals.NONE), Optional.empty());
        new CommandLine(command).parseArgs(arguments);
        return command.call();
    }
}
