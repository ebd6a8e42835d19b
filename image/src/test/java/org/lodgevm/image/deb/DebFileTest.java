package org.lodgevm.image.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.Damage;

class DebFileTest {
    private static final DebBuilder CONTENT = new DebBuilder()
            .directory("./boot/")
            .file("./boot/vmlinuz", "kernel".repeat(500))
            .file("./bin/busybox", "tools")
            .symbolicLink("./bin/sh", "busybox");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".xz"})
    void theTreeIsReadHoweverItIsCompressed(String suffix) throws IOException {
        assertThat(list(CONTENT.build(suffix)))
                .containsExactly("/boot 0", "/boot/vmlinuz 3000", "/bin/busybox 5", "/bin/sh 0");
    }

    @Test
    void readingStopsWhenEnoughWasSeen() throws IOException {
        List<String> seen = new ArrayList<>();
        DebFile.visit(write(CONTENT.build(".xz")), (entry, content) -> {
            seen.add(entry.path());
            return !entry.path().equals("/boot/vmlinuz");
        });
        assertThat(seen).containsExactly("/boot", "/boot/vmlinuz");
    }

    @Test
    void dpkgsPackagesAreRead() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "needs dpkg-deb");
        Path root = folder.resolve("root");
        Files.createDirectories(root.resolve("DEBIAN"));
        Files.writeString(
                root.resolve("DEBIAN/control"),
                "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.test>\nDescription: x\n");
        Files.createDirectories(root.resolve("boot"));
        Files.write(root.resolve("boot/vmlinuz"), new byte[100_000]);
        for (String compression : List.of("none", "gzip", "xz", "zstd")) {
            Path deb = folder.resolve(compression + ".deb");
            Process dpkg = new ProcessBuilder(
                            "/usr/bin/dpkg-deb", "--root-owner-group", "-Z" + compression, "-b", root.toString(),
                            deb.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(dpkg.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assumeTrue(dpkg.waitFor() == 0, said);
            assertThat(list(Files.readAllBytes(deb))).as(compression).contains("/boot/vmlinuz 100000");
        }
    }

    @Test
    void whatIsNoPackageIsSaidToBeNone() {
        assertMalformed(new byte[0], "no Debian package");
        assertMalformed("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), "no Debian package");
        assertMalformed("!<arch>\n".getBytes(StandardCharsets.UTF_8), "no part named data.tar");
        assertMalformed("!<arch>\nnonsense".getBytes(StandardCharsets.UTF_8), "no member");
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        wrong.writeBytes("!<arch>\n".getBytes(StandardCharsets.UTF_8));
        DebBuilder.part(wrong, "data.tar.lzma", new byte[100]);
        assertMalformed(wrong.toByteArray(), "data.tar.lzma");
    }

    /** Whatever is in a package, reading it ends soon, in its files or in an {@link IOException}. */
    @Test
    void noDamageCausesAnythingButAnError() {
        Damage.read(6000, damaged -> {
            try {
                list(damaged);
            } catch (IOException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }, CONTENT.build(""), CONTENT.build(".gz"), CONTENT.build(".xz"));
    }

    private List<String> list(byte[] deb) throws IOException {
        List<String> members = new ArrayList<>();
        DebFile.visit(write(deb), (entry, content) -> {
            members.add(entry.path() + " " + content.transferTo(OutputStream.nullOutputStream()));
            return true;
        });
        return members;
    }

    private Path write(byte[] deb) throws IOException {
        return Files.write(folder.resolve("x.deb"), deb);
    }

    private void assertMalformed(byte[] deb, String reason) {
        assertThatThrownBy(() -> list(deb)).isInstanceOf(MalformedPackageException.class).hasMessageContaining(reason);
    }
}
