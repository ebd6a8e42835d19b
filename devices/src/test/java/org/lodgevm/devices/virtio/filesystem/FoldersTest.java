package org.lodgevm.devices.virtio.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.devices.virtio.filesystem.FuseDriver.Entry;

class FoldersTest {
    private static final int READDIR = 28;
    private static final int READDIRPLUS = 44;
    private static final int NOREPLACE = 1;
    private static final int EXCHANGE = 2;

    @TempDir
    private Path folder;

    private FuseDriver guest;

    @BeforeEach
    void share() throws IOException {
        guest = new FuseDriver(folder);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    @Test
    void allEntriesAreListedOnce() throws IOException {
        List<String> names = IntStream.range(0, 300).mapToObj(i -> "file " + "x".repeat(i % 200) + i).toList();
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
        List<String> expected = Stream.concat(Stream.of(".", ".."), names.stream()).toList();
        for (int opcode : new int[] {READDIR, READDIRPLUS}) {
            assertThat(guest.list(FuseDriver.ROOT, opcode, 1024).stream().map(Entry::name)).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(guest.list(FuseDriver.ROOT, opcode, 1 << 16).stream().map(Entry::name)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void entriesWithAttributesAreAsGoodAsLookedUp() throws IOException {
        Files.createDirectories(folder.resolve("folder/inner"));
        Entry listed = guest.list(FuseDriver.ROOT, READDIRPLUS, 4096).stream().filter(entry -> entry.name().equals("folder")).findAny().orElseThrow();
        assertThat(listed.type()).as("DT_DIR").isEqualTo(4);
        assertThat(guest.walk("folder")).isEqualTo(listed.node());
        guest.forget(listed.node(), 1);
        assertThat(guest.lookup(listed.node(), "inner").error()).as("it was told of twice").isZero();
    }

    @Test
    void whatIsForgottenIsUnknown() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        long a = guest.walk("a");
        long b = guest.lookup(a, "b").node();
        guest.forget(a, 1);
        assertThat(guest.attributes(b).error()).as("its way is kept").isZero();
        guest.forget(b, 1);
        assertThat(guest.attributes(b).error()).isEqualTo(FuseDriver.ESTALE);
        assertThat(guest.attributes(a).error()).isEqualTo(FuseDriver.ESTALE);
        assertThat(guest.attributes(77).error()).isEqualTo(FuseDriver.ESTALE);
        guest.forget(77, Long.MAX_VALUE);
        guest.forget(FuseDriver.ROOT, 5);
        assertThat(guest.attributes(FuseDriver.ROOT).error()).isZero();
    }

    @Test
    void renamedFilesAreTheSameFiles() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(folder.resolve("a/b/file"), "content");
        long a = guest.walk("a");
        long b = guest.walk("a", "b");
        long file = guest.walk("a", "b", "file");
        assertThat(guest.rename(a, "b", FuseDriver.ROOT, "moved", 0).error()).isZero();
        assertThat(folder.resolve("moved/file")).hasContent("content");
        assertThat(guest.walk("moved")).isEqualTo(b);
        assertThat(guest.readText(guest.open(file, 0).handle())).isEqualTo("content");
        assertThat(guest.rename(FuseDriver.ROOT, "moved", b, "inside", 0).error()).as("into itself").isEqualTo(FuseDriver.EINVAL);
    }

    @Test
    void renamingKeepsOrExchangesWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("one"), "1");
        Files.writeString(folder.resolve("two"), "2");
        long one = guest.walk("one");
        assertThat(guest.rename(FuseDriver.ROOT, "one", FuseDriver.ROOT, "two", NOREPLACE).error()).isEqualTo(FuseDriver.EEXIST);
        assertThat(guest.rename(FuseDriver.ROOT, "one", FuseDriver.ROOT, "two", EXCHANGE).error()).isZero();
        assertThat(folder.resolve("one")).hasContent("2");
        assertThat(guest.walk("two")).isEqualTo(one);
        assertThat(guest.rename(FuseDriver.ROOT, "one", FuseDriver.ROOT, "two", 4).error()).as("RENAME_WHITEOUT").isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.rename(FuseDriver.ROOT, "one", FuseDriver.ROOT, "two", 0).error()).isZero();
        assertThat(folder.resolve("two")).hasContent("2");
    }

    @Test
    void foldersComeAndGo() throws IOException {
        long made = guest.makeFolder(FuseDriver.ROOT, "made", 0755).node();
        guest.create(made, "file", 0x42, 0644).ok();
        assertThat(guest.removeFolder(FuseDriver.ROOT, "made").error()).isEqualTo(FuseDriver.ENOTEMPTY);
        assertThat(guest.unlink(FuseDriver.ROOT, "made").error()).isEqualTo(FuseDriver.EISDIR);
        assertThat(guest.unlink(made, "file").error()).isZero();
        assertThat(guest.removeFolder(FuseDriver.ROOT, "made").error()).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aSharedFolderThatVanishesIsGone() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        try (FuseDriver inner = new FuseDriver(folder.resolve("sub"))) {
            Files.delete(folder.resolve("sub"));
            assertThat(inner.lookup(FuseDriver.ROOT, "any").error()).isEqualTo(FuseDriver.ENOENT);
            assertThat(inner.create(FuseDriver.ROOT, "any", 0x42, 0644).error()).isEqualTo(FuseDriver.ENOENT);
            long handle = inner.call(27, FuseDriver.ROOT, FuseDriver.bytes(8)).handle();
            assertThat(inner.call(READDIR, FuseDriver.ROOT, FuseDriver.bytes(40).putLong(handle).putLong(0).putInt(4096)).error())
                    .isEqualTo(FuseDriver.ENOENT);
        }
    }

    @Test
    void longNamesAreRefused() {
        assertThat(guest.makeFolder(FuseDriver.ROOT, "x".repeat(255), 0755).error()).isZero();
        assertThat(guest.makeFolder(FuseDriver.ROOT, "x".repeat(256), 0755).error()).isEqualTo(FuseDriver.ENAMETOOLONG);
    }

    /** More folders than descriptors are held, each below the other and beside it. */
    @Test
    void deepAndWideTreesAreReachedAgain() {
        long node = FuseDriver.ROOT;
        long[] level = new long[700];
        for (int i = 0; i < level.length; i++) {
            level[i] = guest.makeFolder(node, "d" + i, 0755).node();
            node = level[i];
        }
        for (int i = level.length - 1; i >= 0; i -= 99) {
            assertThat(guest.create(level[i], "file", 0x42, 0644).error()).isZero();
        }
        for (int i = level.length - 1; i > 0; i--) {
            guest.unlink(level[i], "file");
            assertThat(guest.removeFolder(level[i - 1], "d" + i).error()).isZero();
        }
    }
}
