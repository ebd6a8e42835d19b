package org.lodgevm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts Lodge from its image, with a shell script in the place of Java. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    private Path image;

    private Path lodge;

    @BeforeEach
    void makeImage() throws IOException {
        image = image.toRealPath();
        lodge = Files.createDirectories(image.resolve("bin")).resolve("lodge");
        Files.copy(Path.of("src/image/bin/lodge"), lodge, StandardCopyOption.COPY_ATTRIBUTES);
        java("printf '%s\\n' \"$@\"");
    }

    @Test
    void aStandardInputThatIsClosedIsEmpty() throws Exception {
        java("cat; echo end");
        assertThat(output("exec '%s' <&-")).isEqualTo("end\n");
    }

    @Test
    void aStandardOutputThatIsClosedCannotBeWritten() throws Exception {
        java("echo lost 2>/dev/null || echo 'not written' >&2");
        assertThat(output("'%s' 2>&1 >&-")).isEqualTo("not written\n");
    }

    @Test
    void aStandardErrorThatIsClosedIsThrownAway() throws Exception {
        java("echo lost >&2 && echo written");
        assertThat(output("'%s' 2>&-")).isEqualTo("written\n");
    }

    @Test
    void aPlainLocaleBecomesOneWithAllLetters() throws Exception {
        java("echo \"$LC_ALL\"");
        assertThat(output("LC_ALL=C '%s'")).isEqualTo("C.UTF-8\n");
        assertThat(output("LC_ALL= LC_CTYPE= LANG= '%s'")).isEqualTo("C.UTF-8\n");
        assertThat(output("LC_ALL=de_DE.UTF-8 '%s'")).isEqualTo("de_DE.UTF-8\n");
    }

    @Test
    void theCacheIsUsedOnlyWhereItWasMade() throws Exception {
        Files.writeString(image.resolve("place"), image + "\n");
        assertThat(output("'%s'")).as("none was made").contains("-XX:AOTMode=off").doesNotContain("AOTCache");
        Files.createFile(image.resolve("lodge.aot"));
        assertThat(output("'%s'")).contains("-XX:AOTCache=" + image.resolve("lodge.aot"));
        assertThat(output("'%s' run")).as("run has its own").contains("-XX:AOTMode=off");
        Files.createFile(image.resolve("run.aot"));
        assertThat(output("'%s' run x")).contains("-XX:AOTCache=" + image.resolve("run.aot"));
        Files.writeString(image.resolve("place"), "/elsewhere\n");
        assertThat(output("'%s'")).contains("-XX:AOTMode=off").doesNotContain("AOTCache");
    }

    @Test
    void argumentsPassAsTheyAre() throws Exception {
        assertThat(output("'%s' 'a b' '$x' ''")).endsWith("\na b\n$x\n\n");
    }

    private void java(String script) throws IOException {
        Path java = Files.createDirectories(image.resolve("runtime/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    /** What a shell prints for a command that starts Lodge. */
    private String output(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", command.formatted(lodge)).start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return printed;
    }
}
