package org.lodgevm.image.iso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsoWriterTest {
    private static final Path XORRISO = Path.of("/usr/bin/xorriso");

    @TempDir
    private Path folder;

    @Test
    void xorrisoFindsEveryFileAsItWas() throws Exception {
        assumeTrue(Files.isExecutable(XORRISO), "needs xorriso");
        IsoWriter iso = new IsoWriter("PACKAGES");
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) { // several sectors of directory
            byte[] content = new byte[random.nextInt(6000)];
            random.nextBytes(content);
            iso.file("p%04d.deb".formatted(i), Files.write(folder.resolve("p%04d.deb".formatted(i)), content));
        }
        iso.file("base", "one\ntwo\n".getBytes(StandardCharsets.US_ASCII));
        Path image = folder.resolve("image.iso");
        write(iso, image);
        assertThat(Files.size(image)).isEqualTo(iso.size());
        Path out = folder.resolve("out");
        Process xorriso = new ProcessBuilder(
                        XORRISO.toString(), "-osirrox", "on", "-indev", image.toString(), "-extract", "/", out.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(xorriso.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(xorriso.waitFor()).as(said).isZero();
        for (int i = 0; i < 300; i++) {
            String name = "p%04d.deb".formatted(i);
            assertThat(out.resolve(name)).hasBinaryContent(Files.readAllBytes(folder.resolve(name)));
        }
        assertThat(out.resolve("base")).hasContent("one\ntwo\n");
    }

    @Test
    void theSameFilesGiveTheSameBytesInWhateverOrder() throws IOException {
        IsoWriter one = new IsoWriter("X");
        one.file("a", new byte[] {1});
        one.file("b", new byte[] {2});
        IsoWriter other = new IsoWriter("X");
        other.file("b", new byte[] {2});
        other.file("a", new byte[] {1});
        assertThat(bytes(one)).isEqualTo(bytes(other));
    }

    @Test
    void aFileThatChangesMeanwhileIsAnError() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[10]);
        IsoWriter iso = new IsoWriter("X");
        iso.file("file", file);
        Files.write(file, new byte[11]);
        assertThatThrownBy(() -> bytes(iso)).isInstanceOf(IOException.class).hasMessageContaining("read: file");
    }

    private static byte[] bytes(IsoWriter iso) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        iso.write(out);
        return out.toByteArray();
    }

    private static void write(IsoWriter iso, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            iso.write(out);
        }
    }
}
