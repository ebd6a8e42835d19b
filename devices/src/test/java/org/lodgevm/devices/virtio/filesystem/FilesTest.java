package org.lodgevm.devices.virtio.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.devices.virtio.filesystem.FuseDriver.Reply;

/** Files of the host as a guest uses them: what one does, the other sees. */
class FilesTest {
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_TRUNC = 0x200;
    private static final int O_APPEND = 0x400;

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

    private long create(String name) {
        return guest.create(FuseDriver.ROOT, name, O_RDWR | O_CREAT, 0644).ok().getLong(128);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void whatTheGuestWritesTheHostReads() throws IOException {
        long handle = create("new");
        byte[] data = new byte[50_000];
        new Random(1).nextBytes(data);
        assertThat(guest.write(0, handle, 0, data).ok().getInt()).isEqualTo(data.length);
        assertThat(guest.write(0, handle, 70_000, bytes("end")).ok().getInt()).isEqualTo(3);
        byte[] content = Files.readAllBytes(folder.resolve("new"));
        assertThat(content).hasSize(70_003).startsWith(data);
        assertThat(guest.call(20, 0, FuseDriver.bytes(16).putLong(handle)).error()).as("fsync").isZero();
        assertThat(guest.release(handle).error()).isZero();
        assertThat(guest.read(handle, 0, 10).error()).isEqualTo(FuseDriver.EBADF);
    }

    @Test
    void whatTheHostWritesTheGuestReads() throws IOException {
        Files.writeString(folder.resolve("file"), "of the host");
        long node = guest.walk("file");
        long handle = guest.open(node, 0).handle();
        assertThat(guest.readText(handle)).isEqualTo("of the host");
        assertThat(guest.read(handle, 3, 3).ok()).isEqualTo(ByteBuffer.wrap(bytes("the")));
        assertThat(guest.read(handle, 100, 10).ok().remaining()).isZero();
        Files.writeString(folder.resolve("file"), "changed");
        assertThat(guest.readText(handle)).isEqualTo("changed");
    }

    @Test
    void cachedContentIsKeptOnlyIfItIsTheSame() throws IOException {
        Files.writeString(folder.resolve("file"), "one");
        long node = guest.walk("file");
        assertThat(guest.open(node, 0).ok().getInt(8) & 2).as("FOPEN_KEEP_CACHE, at first").isZero();
        assertThat(guest.open(node, 0).ok().getInt(8) & 2).isEqualTo(2);
        Files.writeString(folder.resolve("file"), "other");
        assertThat(guest.open(node, 0).ok().getInt(8) & 2).as("another size").isZero();
        Files.setLastModifiedTime(folder.resolve("file"), FileTime.from(Instant.EPOCH));
        assertThat(guest.open(node, 0).ok().getInt(8) & 2).as("another time").isZero();
        assertThat(guest.open(node, 0).ok().getInt(8) & 2).isEqualTo(2);
    }

    @Test
    void creatingTakesWhatIsThereUnlessItMustNot() throws IOException {
        Files.writeString(folder.resolve("file"), "content");
        Reply opened = guest.create(FuseDriver.ROOT, "file", O_RDWR | O_CREAT, 0600);
        assertThat(guest.readText(opened.ok().getLong(128))).isEqualTo("content");
        assertThat(guest.create(FuseDriver.ROOT, "file", O_CREAT | O_EXCL, 0600).error()).isEqualTo(FuseDriver.EEXIST);
        guest.create(FuseDriver.ROOT, "file", O_RDWR | O_CREAT | O_TRUNC, 0600).ok();
        assertThat(folder.resolve("file")).isEmptyFile();
        Files.createDirectory(folder.resolve("folder"));
        assertThat(guest.create(FuseDriver.ROOT, "folder", O_RDWR | O_CREAT, 0600).error()).isEqualTo(FuseDriver.EISDIR);
    }

    @Test
    void modesAreWhatTheGuestSays() throws IOException {
        guest.create(FuseDriver.ROOT, "file", O_CREAT, 0666).ok();
        guest.makeFolder(FuseDriver.ROOT, "folder", 01777).ok();
        guest.call(8, FuseDriver.ROOT, FuseDriver.bytes(16).putInt(0x8000 | 0622), "node").ok();
        assertThat((int) Files.getAttribute(folder.resolve("file"), "unix:mode") & 07777).isEqualTo(0666);
        assertThat((int) Files.getAttribute(folder.resolve("folder"), "unix:mode") & 07777).isEqualTo(01777);
        assertThat((int) Files.getAttribute(folder.resolve("node"), "unix:mode") & 07777).isEqualTo(0622);
    }

    @Test
    void appendedDataGoesToTheEndThatTheHostKnows() throws IOException {
        Files.writeString(folder.resolve("log"), "one\n");
        long node = guest.walk("log");
        long handle = guest.open(node, 1 | O_APPEND).handle();
        Files.writeString(folder.resolve("log"), "one\ntwo\n");
        guest.write(node, handle, 4, bytes("three\n")).ok();
        assertThat(folder.resolve("log")).hasContent("one\ntwo\nthree\n");
        ByteBuffer cached = FuseDriver.bytes(40).putLong(handle).putLong(0).putInt(3).putInt(1);
        guest.call(16, node, cached, bytes("ONE")).ok();
        assertThat(folder.resolve("log")).as("a page of the guest's cache has its place").hasContent("ONE\ntwo\nthree\n");
    }

    @Test
    void aDeletedFileLivesAsLongAsItIsOpen() {
        long handle = create("file");
        long node = guest.walk("file");
        guest.write(node, handle, 0, bytes("still here")).ok();
        assertThat(guest.unlink(FuseDriver.ROOT, "file").error()).isZero();
        assertThat(folder.resolve("file")).doesNotExist();
        assertThat(guest.readText(handle)).isEqualTo("still here");
        assertThat(guest.attributes(node).ok().getLong(16 + 8)).as("size").isEqualTo(10);
        guest.release(handle).ok();
        assertThat(guest.lookup(FuseDriver.ROOT, "file").error()).isEqualTo(FuseDriver.ENOENT);
    }

    @Test
    void whatTheHostReplacedIsAnotherFile() throws IOException {
        Files.writeString(folder.resolve("file"), "old");
        long before = guest.walk("file");
        Files.writeString(folder.resolve("new"), "new");
        Files.delete(folder.resolve("file"));
        Files.move(folder.resolve("new"), folder.resolve("file"));
        assertThat(guest.open(before, 0).error()).isEqualTo(FuseDriver.ESTALE);
        long after = guest.walk("file");
        assertThat(after).isNotEqualTo(before);
        assertThat(guest.readText(guest.open(after, 0).handle())).isEqualTo("new");
    }

    @Test
    void attributesAreSet() throws IOException {
        Files.writeString(folder.resolve("file"), "0123456789");
        long node = guest.walk("file");
        ByteBuffer values = FuseDriver.bytes(88).putInt(0, 1 | 1 << 3 | 1 << 4 | 1 << 5);
        values.putLong(16, 4).putLong(32, 1000).putLong(40, 2000).putInt(60, 5).putInt(68, 0640);
        ByteBuffer answer = guest.call(4, node, values).ok();
        assertThat(answer.getLong(16 + 8)).isEqualTo(4);
        assertThat(answer.getLong(16 + 24)).as("atime").isEqualTo(1000);
        assertThat(answer.getLong(16 + 32)).as("mtime").isEqualTo(2000);
        assertThat(answer.getInt(16 + 52)).as("mtimensec").isEqualTo(5);
        assertThat(answer.getInt(16 + 60)).isEqualTo(0x8000 | 0640);
        assertThat(folder.resolve("file")).hasContent("0123");
        assertThat(Files.getLastModifiedTime(folder.resolve("file")).toInstant()).isEqualTo(Instant.ofEpochSecond(2000, 5));
    }

    @Test
    void aFileOfTheUsersBelongsToTheGuestsRoot() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        ByteBuffer entry = guest.lookup(FuseDriver.ROOT, "file").ok();
        assertThat(entry.getInt(40 + 68)).as("uid").isZero();
        assertThat(entry.getInt(40 + 72)).as("gid").isZero();
    }

    @Test
    void hardLinksAreOneNode() throws IOException {
        long handle = create("one");
        long node = guest.walk("one");
        assertThat(guest.link(node, FuseDriver.ROOT, "two").node()).isEqualTo(node);
        assertThat(guest.walk("two")).isEqualTo(node);
        guest.write(node, handle, 0, bytes("same")).ok();
        assertThat(folder.resolve("two")).hasContent("same");
        assertThat(guest.unlink(FuseDriver.ROOT, "one").error()).isZero();
        assertThat(guest.attributes(guest.walk("two")).error()).isZero();
    }

    @Test
    void extendedAttributesOfUsersAreTheHosts() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        long node = guest.walk("file");
        Reply set = guest.call(21, node, FuseDriver.bytes(8).putInt(5), "user.colour", bytes("green"));
        if (set.error() == FuseDriver.ENOSYS) {
            return; // the host's file system has none
        }
        set.ok();
        assertThat(UTF_8.decode(guest.call(22, node, FuseDriver.bytes(8).putInt(100), "user.colour").ok()).toString()).isEqualTo("green");
        assertThat(guest.call(22, node, FuseDriver.bytes(8), "user.colour").ok().getInt()).isEqualTo(5);
        assertThat(guest.call(22, node, FuseDriver.bytes(8).putInt(4), "user.colour").error()).as("ERANGE").isEqualTo(34);
        assertThat(UTF_8.decode(guest.call(23, node, FuseDriver.bytes(8).putInt(100)).ok()).toString()).isEqualTo("user.colour\0");
        assertThat(Files.getAttribute(folder.resolve("file"), "user:colour")).isEqualTo(bytes("green"));
        guest.call(24, node, "user.colour").ok();
        assertThat(guest.call(22, node, FuseDriver.bytes(8).putInt(100), "user.colour").error()).as("ENODATA").isEqualTo(61);
        for (String name : List.of("security.capability", "trusted.x", "system.posix_acl_access")) {
            assertThat(guest.call(22, node, FuseDriver.bytes(8).putInt(100), name).error()).isEqualTo(FuseDriver.EOPNOTSUPP);
            assertThat(guest.call(21, node, FuseDriver.bytes(8).putInt(1), name, bytes("x")).error()).isEqualTo(FuseDriver.EOPNOTSUPP);
        }
    }

    @Test
    void rangesAreAllocatedCopiedAndFound() throws IOException {
        long handle = create("file");
        guest.call(43, 0, FuseDriver.bytes(32).putLong(handle).putLong(0).putLong(1 << 20).putInt(0)).ok();
        assertThat(Files.size(folder.resolve("file"))).isEqualTo(1 << 20);
        guest.write(0, handle, 0, bytes("to be copied")).ok();
        long other = create("other");
        ByteBuffer copy = FuseDriver.bytes(56).putLong(handle).putLong(6).putLong(0).putLong(other).putLong(0).putLong(6);
        assertThat(guest.call(47, 0, copy).ok().getInt()).isEqualTo(6);
        assertThat(folder.resolve("other")).hasContent("copied");
        assertThat(guest.call(46, 0, FuseDriver.bytes(24).putLong(other).putLong(0).putInt(4)).ok().getLong()).as("SEEK_HOLE").isEqualTo(6);
        assertThat(guest.call(46, 0, FuseDriver.bytes(24).putLong(other).putLong(0).putInt(0)).error()).isEqualTo(FuseDriver.EINVAL);
    }
}
