package org.lodgevm.bench.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
    private static final Path SOURCES = Path.of("src/guest");

    @Test
    void everyScriptIsAWorkloadAndEveryWorkloadHasOne() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".sh") && !name.equals("main.sh")))
                    .containsExactlyInAnyOrderElementsOf(
                            Workload.ALL.stream().map(workload -> workload.name() + ".sh").toList());
        }
    }

    @Test
    void theTextIsTheSameEverywhere(@TempDir Path folder) throws IOException {
        new Text("text").put(SOURCES, folder);

        byte[] text = Files.readAllBytes(folder.resolve("text"));
        assertThat(text).hasSize(1 << 20).endsWith('\n');
        assertThat(Arrays.hashCode(text)).isEqualTo(-263346890);
    }
}
