package org.lodgevm.image.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.ImageException;

class SeedFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        "#cloud-config\npackages: [git]\n", "#!/bin/sh\ntrue\n", "#cloud-config-archive\n", "#include\nhttp://x/\n", "#cloud-boothook\n",
        "## template: jinja\n#cloud-config\n", "Content-Type: multipart/mixed; boundary=x\n"
    })
    void whatCloudInitKnowsIsTakenAsItIs(String text) throws IOException {
        assertThat(SeedFile.userData(file(text))).asString().isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "packages: [git]\n", "# cloud-config\n", "\ufeff#cloud-config\n", "#clod-config\n", "\n#cloud-config\n"})
    void whatItWouldPassOverIsRefused(String text) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> SeedFile.userData(file))
                .isInstanceOf(ImageException.class)
                .hasMessageStartingWith(file + " begins with '")
                .hasMessageContaining("begin it with '#cloud-config'");
    }

    @Test
    void aLongFirstLineIsNotShownWhole() throws IOException {
        Path file = file("x".repeat(1000));
        assertThatThrownBy(() -> SeedFile.userData(file)).hasMessageContaining("'" + "x".repeat(24) + "...'");
    }

    @Test
    void aFileMayNotBeTooLarge() throws IOException {
        assertThat(SeedFile.read(file("#".repeat(1 << 20)))).hasSize(1 << 20);
        Path larger = file("#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> SeedFile.read(larger)).isInstanceOf(ImageException.class).hasMessageContaining("larger than 1024 KiB");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> SeedFile.userData(none)).isInstanceOf(ImageException.class).hasMessage("Cannot read " + none + ": there is no such file");
        assertThatThrownBy(() -> SeedFile.read(folder)).isInstanceOf(ImageException.class).hasMessageStartingWith("Cannot read " + folder);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text);
    }
}
