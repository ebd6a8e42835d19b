package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Archives to and from the host's own tar. */
@EnabledOnOs(OS.LINUX)
class GuestFilesTest {
    @TempDir
    private Path scratch;

    /** The host in the place of a guest. */
    private static final GuestShell HOST = command -> {
        Process process = new ProcessBuilder("sh", "-c", new String(command.script(), UTF_8)).start();
        return new HostProcess(process);
    };

    private Path tree() throws IOException {
        Path tree = Files.createDirectories(scratch.resolve("tree"));
        Path deep = Files.createDirectories(tree.resolve("d".repeat(90)).resolve("e".repeat(120)).resolve("f".repeat(200)));
        Files.writeString(deep.resolve("long"), "far down");
        Files.writeString(tree.resolve("größe"), "x".repeat(513));
        Files.writeString(tree.resolve("empty"), "");
        Files.write(tree.resolve("large"), new byte[300_000]);
        Files.setPosixFilePermissions(tree.resolve("empty"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("large"));
        Files.createSymbolicLink(tree.resolve("longlink"), Path.of("z".repeat(180)));
        Files.createLink(tree.resolve("same"), tree.resolve("large"));
        return tree;
    }

    private static String listing(Path tree) throws IOException {
        StringBuilder listing = new StringBuilder();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted().toList()) {
                listing.append(tree.relativize(file)).append(' ').append(PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)));
                if (Files.isSymbolicLink(file)) {
                    listing.append(" -> ").append(Files.readSymbolicLink(file));
                } else if (Files.isRegularFile(file)) {
                    listing.append(' ').append(Files.size(file)).append(' ').append(Files.getLastModifiedTime(file).toMillis() / 1000);
                }
                listing.append('\n');
            }
        }
        return listing.toString();
    }

    @Test
    void whatGoesInComesOutTheSame() throws Exception {
        Path tree = tree();
        Path guest = Files.createDirectory(scratch.resolve("guest"));
        HOST.files().copyIn(tree, guest.toString());
        assertThat(listing(guest.resolve("tree"))).isEqualTo(listing(tree));
        Path back = scratch.resolve("back");
        HOST.files().copyOut(guest.resolve("tree").toString(), back);
        assertThat(listing(back)).isEqualTo(listing(tree));
    }

    @Test
    void aFileGetsTheTargetsNameUnlessThatIsAFolder() throws Exception {
        Path file = Files.writeString(scratch.resolve("file"), "content");
        Path folder = Files.createDirectory(scratch.resolve("folder"));
        HOST.files().copyIn(file, scratch.resolve("copy").toString());
        HOST.files().copyIn(file, folder.toString());
        HOST.files().copyOut(file.toString(), folder.resolve("back"));
        assertThat(scratch.resolve("copy")).hasContent("content");
        assertThat(folder.resolve("file")).hasContent("content");
        assertThat(folder.resolve("back")).hasContent("content");
        HOST.files().write(scratch.resolve("text").toString(), "a\n");
        assertThat(HOST.files().read(scratch.resolve("text").toString())).isEqualTo("a\n".getBytes(UTF_8));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> HOST.files().copyOut("/no/such", scratch)).isInstanceOf(GuestException.class).hasMessageContaining("/no");
        assertThatThrownBy(() -> HOST.files().copyIn(Path.of("/no/such"), "/tmp")).hasMessageContaining("/no/such");
        assertThatThrownBy(() -> HOST.files().copyIn(Path.of("/etc/hostname"), "/no/such")).hasMessageContaining("could not copy");
    }

    private static void member(ByteArrayOutputStream archive, byte kind, String name, String target, String content) throws IOException {
        TarHeader header = new TarHeader();
        header.kind(kind);
        header.text(TarHeader.NAME, name.getBytes(UTF_8));
        header.text(TarHeader.TARGET, target.getBytes(UTF_8));
        header.number(TarHeader.MODE, 0755);
        header.number(TarHeader.LENGTH, content.length());
        archive.write(header.sealed());
        archive.write(content.getBytes(UTF_8));
        archive.write(new byte[-content.length() & TarHeader.SIZE - 1]);
    }

    private void extract(byte[] archive, String target) throws IOException {
        new Extraction(new TarReader(new ByteArrayInputStream(archive)), scratch.resolve(target)).run();
    }

    @Test
    void nothingIsWrittenOutsideOfTheTarget() throws Exception {
        Path outside = Files.createDirectory(scratch.resolve("outside"));
        Files.writeString(outside.resolve("file"), "mine");
        ByteArrayOutputStream dots = new ByteArrayOutputStream();
        member(dots, TarHeader.FOLDER, "a/", "", "");
        member(dots, TarHeader.FILE, "a/../outside/file", "", "yours");
        assertThatThrownBy(() -> extract(dots.toByteArray(), "one")).hasMessageContaining("leads elsewhere");

        ByteArrayOutputStream link = new ByteArrayOutputStream();
        member(link, TarHeader.FOLDER, "a/", "", "");
        member(link, TarHeader.SYMBOLIC_LINK, "a/b", outside.toString(), "");
        member(link, TarHeader.FILE, "a/b/file", "", "yours");
        assertThatThrownBy(() -> extract(link.toByteArray(), "two")).hasMessageContaining("leads elsewhere");

        ByteArrayOutputStream replaced = new ByteArrayOutputStream();
        member(replaced, TarHeader.SYMBOLIC_LINK, "a", outside.resolve("file").toString(), "");
        member(replaced, TarHeader.FILE, "a", "", "yours");
        extract(replaced.toByteArray(), "three");

        ByteArrayOutputStream hard = new ByteArrayOutputStream();
        member(hard, TarHeader.SYMBOLIC_LINK, "a", outside.resolve("file").toString(), "");
        member(hard, TarHeader.HARD_LINK, "a", "a", "");
        assertThatThrownBy(() -> extract(hard.toByteArray(), "four")).hasMessageContaining("leads elsewhere");
        assertThat(outside.resolve("file")).hasContent("mine");
    }

    /** A hostile guest's archive is refused or unpacked; nothing but its own exception comes of it. */
    @Test
    void aDamagedArchiveHarmsNobody() throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarWriter writer = new TarWriter(archive)) {
            writer.tree(tree(), "tree");
        }
        Random random = new Random(Long.getLong("lodge.fuzz.seed", 1));
        for (int i = 0; i < 300; i++) {
            byte[] damaged = archive.toByteArray().clone();
            for (int bit = 0; bit < 1 + random.nextInt(4); bit++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                extract(damaged, "damaged" + i % 10);
            } catch (IOException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    /** A process of the host. */
    private record HostProcess(Process process) implements GuestProcess {
        @Override
        public OutputStream stdin() {
            return process.getOutputStream();
        }

        @Override
        public InputStream stdout() {
            return process.getInputStream();
        }

        @Override
        public InputStream stderr() {
            return process.getErrorStream();
        }

        @Override
        public int waitFor() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public void signal(String name) {
            process.destroy();
        }

        @Override
        public void resize(TerminalSize size) {}

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
