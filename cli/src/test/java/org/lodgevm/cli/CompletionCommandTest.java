package org.lodgevm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;

/** What bash makes of the script. */
class CompletionCommandTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path folder;

    @BeforeEach
    void twoImagesAndTwoMachines() throws Exception {
        assumeTrue(Files.isExecutable(BASH), "there is no bash");
        for (String image : new String[] {"debian:12", "dev"}) {
            Path ready = Files.createDirectories(folder.resolve("lodge/images/ready").resolve(image.replace(':', '-')));
            Files.writeString(ready.resolve("manifest"), "Name: " + image + "\n");
        }
        for (String machine : new String[] {"web", "web-2"}) {
            Files.createDirectories(folder.resolve("lodge/machines").resolve(machine));
            Files.createFile(folder.resolve("lodge/machines").resolve(machine).resolve("machine.json"));
        }
    }

    @Test
    void offersEachImage() throws Exception {
        assertThat(completed("lodge", "rmi", "de")).containsExactlyInAnyOrder("debian:12", "dev");
        assertThat(completed("lodge", "build", "--from", "dev")).containsExactly("dev");
    }

    @Test
    void offersEachMachine() throws Exception {
        assertThat(completed("lodge", "start", "w")).containsExactlyInAnyOrder("web", "web-2");
    }

    private String[] completed(String... words) throws Exception {
        Path script = Files.writeString(folder.resolve("completion"), script() + """
                compopt() { :; } # which is for keys alone
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
                _complete_lodge
                printf '%s\\n' "${COMPREPLY[@]}"
                """);
        ProcessBuilder bash = new ProcessBuilder(BASH.toString(), script.toString()).redirectError(ProcessBuilder.Redirect.DISCARD);
        bash.command().addAll(List.of(words));
        bash.environment().putAll(Map.of("XDG_CACHE_HOME", folder.toString(), "XDG_DATA_HOME", folder.toString()));
        Process process = bash.start();
        return new String(process.getInputStream().readAllBytes(), UTF_8).split("\n");
    }

    private static String script() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StandardStreams streams = new StandardStreams(
                InputStream.nullInputStream(), out, new PrintStream(OutputStream.nullOutputStream()), StandardStreams.Terminals.NONE);
        assertThat(new Lodge(streams, Optional.empty()).execute("completion", "bash")).isEqualTo(ExitStatus.OK);
        return out.toString(UTF_8);
    }
}
