package org.lodgevm.image.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    @Test
    void membersHaveAbsolutePathsAndTheirKind() throws IOException {
        byte[] tree = new DebBuilder()
                .directory("./")
                .directory("./boot/")
                .file("./boot/vmlinuz", "kernel")
                .symbolicLink("boot/link", "../etc/x")
                .hardLink("/boot//./hard", "./boot/vmlinuz")
                .member("./dev/null", '3', "", new byte[0])
                .tree();
        assertThat(list(tree))
                .containsExactly(
                        "DIRECTORY / ", "DIRECTORY /boot ", "FILE /boot/vmlinuz kernel", "SYMBOLIC_LINK /boot/link ../etc/x",
                        "HARD_LINK /boot/hard /boot/vmlinuz", "CHARACTER_DEVICE /dev/null ");
    }

    @Test
    void aMemberThatIsNotReadIsSkipped() throws IOException {
        TarReader reader = reader(new DebBuilder().file("a", "x".repeat(1000)).file("b", "y").tree());
        reader.next();
        reader.content().read();
        assertThat(reader.next().path()).isEqualTo("/b");
        assertThat(reader.content().readAllBytes()).containsExactly('y');
        assertThat(reader.next()).isNull();
    }

    @Test
    void gnuWritesLongNamesAsMembers() throws IOException {
        String longName = "a/".repeat(100) + "name";
        byte[] tree = new DebBuilder()
                .member("././@LongLink", 'L', "", (longName + "\0").getBytes(StandardCharsets.UTF_8))
                .member("././@LongLink", 'K', "", ("t" + longName + "\0").getBytes(StandardCharsets.UTF_8))
                .symbolicLink("cut", "cut")
                .file("next", "")
                .tree();
        assertThat(list(tree)).containsExactly("SYMBOLIC_LINK /" + longName + " t" + longName, "FILE /next ");
    }

    @Test
    void posixWritesLongNamesAsRecords() throws IOException {
        byte[] tree = new DebBuilder()
                .member("pax", 'g', "", record("comment", "all"))
                .member("pax", 'x', "", concat(record("path", "d\u00e9j\u00e0 vu"), record("mtime", "1.5")))
                .file("cut", "content")
                .file("next", "")
                .tree();
        assertThat(list(tree)).containsExactly("FILE /d\u00e9j\u00e0 vu content", "FILE /next ");
    }

    @Test
    void aNameMayBeSplitInTwo() throws IOException {
        byte[] header = Arrays.copyOf(new DebBuilder().file("name", "").tree(), 512);
        DebBuilder.put(header, 345, "folder/below");
        assertThat(list(new DebBuilder().raw(DebBuilder.seal(header), new byte[0]).tree()))
                .containsExactly("FILE /folder/below/name ");
    }

    @Test
    void largeNumbersAreBinary() throws IOException {
        byte[] header = Arrays.copyOf(new DebBuilder().file("name", "").tree(), 512);
        Arrays.fill(header, 124, 136, (byte) 0);
        header[124] = (byte) 0x80;
        header[135] = 3;
        assertThat(list(new DebBuilder().raw(DebBuilder.seal(header), new byte[] {'a', 'b', 'c'}).tree()))
                .containsExactly("FILE /name abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../etc/passwd", "./a/../../b", "..", "a/..", "/../x"})
    void aNameThatLeadsOutOfTheTreeIsRefused(String name) {
        assertMalformed(new DebBuilder().file(name, "").tree(), "leads out");
        assertMalformed(new DebBuilder().hardLink("x", name).tree(), "leads out");
    }

    @Test
    void anAbsurdSizeIsNotBelieved() {
        byte[] header = Arrays.copyOf(new DebBuilder().file("name", "").tree(), 512);
        DebBuilder.put(header, 124, "77777777777\0");
        assertMalformed(new DebBuilder().raw(DebBuilder.seal(header), new byte[0]).tree(), "cut off");
        header[124] = (byte) 0xff;
        Arrays.fill(header, 125, 136, (byte) 0xff);
        assertMalformed(new DebBuilder().raw(DebBuilder.seal(header), new byte[0]).tree(), "too large");
        byte[] name = Arrays.copyOf(new DebBuilder().member("n", 'L', "", new byte[0]).tree(), 512);
        DebBuilder.put(name, 124, "00777777777\0");
        assertMalformed(new DebBuilder().raw(DebBuilder.seal(name), new byte[0]).tree(), "name of 134217727 bytes");
        byte[] negative = record("size", "-1");
        assertMalformed(new DebBuilder().member("pax", 'x', "", negative).file("f", "").tree(), "negative");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 a=b", "99 path=x\n", "x path=y\n", "-3 path=x\n", "8 path\n", "1", "0 =\n", "18446744073709551617 a=b\n"})
    void aMalformedRecordIsRefused(String record) {
        byte[] content = record.getBytes(StandardCharsets.UTF_8);
        assertMalformed(new DebBuilder().member("pax", 'x', "", content).file("f", "").tree(), "The file tree has");
    }

    @Test
    void aWrongSumIsNoticed() {
        byte[] tree = new DebBuilder().file("name", "content").tree();
        tree[0] ^= 1;
        assertMalformed(tree, "wrong sum");
    }

    @Test
    void aTreeCutOffAnywhereIsRefused() {
        byte[] tree = new DebBuilder().file("a", "content").file("b", "content").tree();
        for (int length = 0; length < 4 * 512; length++) {
            assertMalformed(Arrays.copyOf(tree, length), "cut off");
        }
    }

    @Test
    void tarsArchivesAreRead(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tar")) || Files.isExecutable(Path.of("/bin/tar")), "needs tar");
        Path deep = Files.createDirectories(folder.resolve("in/" + "folder-with-a-long-name/".repeat(9)));
        Files.writeString(deep.resolve("file"), "deep");
        Files.writeString(folder.resolve("in/short"), "top");
        List<List<String>> listings = new ArrayList<>();
        for (String format : List.of("gnu", "pax", "ustar")) {
            Path archive = folder.resolve(format + ".tar");
            Process tar = new ProcessBuilder(
                            "tar", "--format=" + format, "--sort=name", "-C", folder.resolve("in").toString(), "-cf",
                            archive.toString(), ".")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(tar.waitFor()).as(said).isZero();
            listings.add(list(Files.readAllBytes(archive)));
        }
        assertThat(listings.getFirst())
                .contains("FILE /short top", "FILE /" + "folder-with-a-long-name/".repeat(9) + "file deep");
        assertThat(listings).containsOnly(listings.getFirst());
    }

    private static List<String> list(byte[] tree) throws IOException {
        TarReader reader = reader(tree);
        List<String> members = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            String content = new String(reader.content().readAllBytes(), StandardCharsets.UTF_8);
            members.add(entry.type() + " " + entry.path() + " " + entry.target() + content);
        }
        return members;
    }

    private static TarReader reader(byte[] tree) {
        return new TarReader(new ByteArrayInputStream(tree));
    }

    private static void assertMalformed(byte[] tree, String reason) {
        assertThatThrownBy(() -> list(tree))
                .isInstanceOf(MalformedPackageException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] record(String key, String value) {
        int length = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
        int digits = Integer.toString(length + 2).length();
        return ((length + digits) + " " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
