package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootModuleTest {
    @TempDir
    private Path folder;

    @Test
    void commasSeparateFilesAndASpaceTheirArguments() {
        assertThat(parse("/a, /b one two,/c,,d")).containsExactly("/a|", "/b|one two", "/c,d|");
    }

    @Test
    void anExistingFileMayHaveAnyName() throws IOException {
        Path odd = Files.createFile(folder.resolve("a, b c"));
        assertThat(parse(odd.toString())).containsExactly(odd + "|");
    }

    @Test
    void emptyEntriesAreRefused() {
        assertThatThrownBy(() -> parse("/a, ,/b")).isInstanceOf(BootException.class).hasMessageContaining("empty entry");
    }

    private static List<String> parse(String list) {
        return BootModule.parse(list).stream().map(m -> m.file().name() + "|" + m.arguments()).toList();
    }
}
