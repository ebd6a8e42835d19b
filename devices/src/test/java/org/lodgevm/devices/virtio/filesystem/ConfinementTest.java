package org.lodgevm.devices.virtio.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest wants to see, or to change, what is beside the folder that it was given. */
class ConfinementTest {
    private static final int S_IFMT = 0xf000;
    private static final int S_IFLNK = 0xa000;

    @TempDir
    private Path host;

    private Path shared;
    private Path secret;
    private FuseDriver guest;

    @BeforeEach
    void share() throws IOException {
        shared = Files.createDirectory(host.resolve("shared"));
        Files.createDirectory(host.resolve("outside"));
        secret = Files.writeString(host.resolve("outside/secret"), "secret");
        guest = new FuseDriver(shared);
    }

    @AfterEach
    void nothingHappenedOutside() throws IOException {
        guest.close();
        try (var files = Files.list(host.resolve("outside"))) {
            assertThat(files).containsExactly(secret);
        }
        assertThat(secret).hasContent("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "/", "../outside/secret", "a/../../outside", "/etc/passwd", "a/b"})
    void namesThatLeadElsewhereAreNone(String name) throws IOException {
        Files.createDirectories(shared.resolve("a/b"));
        Files.writeString(shared.resolve("file"), "");
        long file = guest.walk("file");
        assertThat(guest.lookup(FuseDriver.ROOT, name).error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.create(FuseDriver.ROOT, name, 0x42, 0644).error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.makeFolder(FuseDriver.ROOT, name, 0755).error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.makeLink(FuseDriver.ROOT, name, "x").error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.unlink(FuseDriver.ROOT, name).error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.removeFolder(FuseDriver.ROOT, name).error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.rename(FuseDriver.ROOT, "file", FuseDriver.ROOT, name, 0).error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.rename(FuseDriver.ROOT, name, FuseDriver.ROOT, "new", 1).error()).isEqualTo(FuseDriver.EINVAL);
        assertThat(guest.link(file, FuseDriver.ROOT, name).error()).isEqualTo(FuseDriver.EINVAL);
    }

    @Test
    void aLinkThatLeadsOutIsALinkAndNothingElse() throws IOException {
        Files.createSymbolicLink(shared.resolve("folder"), host.resolve("outside"));
        Files.createSymbolicLink(shared.resolve("file"), secret);
        Files.createSymbolicLink(shared.resolve("up"), Path.of("../outside"));
        for (String name : new String[] {"folder", "file", "up"}) {
            FuseDriver.Reply found = guest.lookup(FuseDriver.ROOT, name);
            assertThat(found.mode() & S_IFMT).isEqualTo(S_IFLNK);
            assertThat(guest.lookup(found.node(), "secret").error()).isEqualTo(FuseDriver.ENOTDIR);
            assertThat(guest.open(found.node(), 2).error()).isEqualTo(FuseDriver.ELOOP);
            assertThat(guest.create(found.node(), "new", 0x42, 0644).error()).isEqualTo(FuseDriver.ENOTDIR);
            assertThat(guest.call(27, found.node(), FuseDriver.bytes(8)).error()).isEqualTo(FuseDriver.ENOTDIR);
            // FUSE_SETATTR: size 0, then a mode
            assertThat(guest.call(4, found.node(), FuseDriver.bytes(88).putInt(1 << 3)).error()).isNotZero();
            assertThat(guest.call(4, found.node(), FuseDriver.bytes(88).putInt(1)).error()).isNotZero();
        }
        assertThat(guest.create(FuseDriver.ROOT, "file", 0x241, 0644).error()).as("O_CREAT | O_TRUNC").isEqualTo(FuseDriver.ELOOP);
    }

    @Test
    void aLinkOfTheGuestsOwnLeadsNowhereEither() {
        long link = guest.makeLink(FuseDriver.ROOT, "link", "../outside").node();
        assertThat(guest.lookup(link, "secret").error()).isEqualTo(FuseDriver.ENOTDIR);
        assertThat(UTF_8.decode(guest.call(5, link).ok()).toString()).isEqualTo("../outside");
    }

    @Test
    void aFolderThatBecameALinkIsStale() throws IOException {
        Files.createDirectories(shared.resolve("a/b"));
        long a = guest.walk("a");
        long b = guest.walk("a", "b"); // its descriptor is not held yet
        Files.delete(shared.resolve("a/b"));
        Files.createSymbolicLink(shared.resolve("a/b"), host.resolve("outside"));
        assertThat(guest.lookup(b, "secret").error()).isEqualTo(FuseDriver.ESTALE);
        assertThat(guest.create(b, "new", 0x42, 0644).error()).isEqualTo(FuseDriver.ESTALE);
        assertThat(guest.lookup(a, "b").mode() & S_IFMT).isEqualTo(S_IFLNK);
    }

    /** The host, or another guest, swaps a folder for a link as fast as it can, while this guest goes through it. */
    @Test
    void noMomentIsTheRightOne() throws Exception {
        Path place = shared.resolve("place");
        Path folder = Files.createDirectory(shared.resolve("folder"));
        Files.writeString(folder.resolve("secret"), "harmless");
        AtomicBoolean ended = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(place, folder, ended));
        int seen = 0;
        for (int i = 0; i < 2000; i++) {
            FuseDriver.Reply found = guest.lookup(FuseDriver.ROOT, "place");
            if (found.error() == 0) {
                FuseDriver.Reply inside = guest.lookup(found.node(), "secret");
                FuseDriver.Reply opened = inside.error() == 0 ? guest.open(inside.node(), 0) : inside;
                if (opened.error() == 0) {
                    assertThat(guest.readText(opened.handle())).isEqualTo("harmless");
                    guest.release(opened.handle());
                    seen++;
                }
                guest.create(found.node(), "made", 0x42, 0644);
            }
        }
        ended.set(true);
        swapper.join();
        assertThat(seen).as("the guest was there in time at least once").isPositive();
    }

    private void swap(Path place, Path folder, AtomicBoolean ended) {
        try {
            while (!ended.get()) {
                Files.move(folder, place);
                Thread.yield();
                Files.move(place, folder);
                Path link = Files.createSymbolicLink(shared.resolve("link"), host.resolve("outside"));
                Files.move(link, place, StandardCopyOption.ATOMIC_MOVE);
                Files.delete(place);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void specialFilesAreSeenAndNotOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", shared.resolve("fifo").toString()).start().waitFor()).isZero();
        FuseDriver.Reply found = guest.lookup(FuseDriver.ROOT, "fifo");
        assertThat(found.mode() & S_IFMT).isEqualTo(0x1000);
        assertThat(guest.open(found.node(), 0).error()).isEqualTo(FuseDriver.EACCES);
        assertThat(guest.open(found.node(), 1).error()).isEqualTo(FuseDriver.EACCES);
        assertThat(guest.call(8, FuseDriver.ROOT, FuseDriver.bytes(16).putInt(0x2000 | 0666).putInt(0x103), "null").error()).as("EPERM").isEqualTo(1);
        assertThat(guest.call(8, FuseDriver.ROOT, FuseDriver.bytes(16).putInt(0x6000 | 0666).putInt(0x800), "sda").error()).isEqualTo(1);
    }

    @Test
    void noFileGetsItsOwnersRights() throws IOException {
        guest.create(FuseDriver.ROOT, "setuid", 0x42, 06755).ok();
        assertThat(guest.lookup(FuseDriver.ROOT, "setuid").mode() & 07777).isEqualTo(0755);
        long node = guest.walk("setuid");
        guest.call(4, node, FuseDriver.bytes(88).putInt(0, 1).putInt(68, 04711)).ok();
        assertThat((int) Files.getAttribute(shared.resolve("setuid"), "unix:mode") & 07777).isEqualTo(0711);
    }
}
