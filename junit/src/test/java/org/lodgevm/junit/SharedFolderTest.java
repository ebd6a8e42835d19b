package org.lodgevm.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;

/** Folders of the host under the driver of a real kernel. It needs Debian's packages: from the cache, or over the network. */
@Timeout(240)
@Lodge(volumes = {"target/shared:/shared", "target/shared/data:/data:ro"}, cpus = 2)
class SharedFolderTest {
    private static final Path SHARED = Path.of("target/shared");
    private static final Path OUTSIDE = Path.of("target/outside");

    @BeforeAll
    static void makeFolders() throws IOException {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch")).isEqualTo("Linux amd64");
        assumeThatCode(() -> DebianGuest.of(DebianPackages.configured(), Architecture.AMD64).prepare(Progress.SILENT)).doesNotThrowAnyException();
        removeFolders();
        Files.createDirectories(SHARED.resolve("data"));
        Files.createDirectories(OUTSIDE);
        Files.writeString(OUTSIDE.resolve("secret"), "secret");
    }

    @AfterAll
    static void removeFolders() throws IOException {
        for (Path folder : new Path[] {SHARED, OUTSIDE}) {
            if (Files.exists(folder)) {
                try (var files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private TestMachine guest;

    @BeforeEach
    void boot(TestMachine machine) {
        guest = machine;
    }

    private String shell(String commands) throws Exception {
        return guest.exec("sh", "-ec", commands).orThrow().text();
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    @Test
    void contentIsTheSameInBothDirections() throws Exception {
        byte[] content = new byte[(5 << 20) + 123];
        new Random(1).nextBytes(content);
        Files.write(SHARED.resolve("from-host"), content);
        assertThat(shell("sha256sum </shared/from-host; cp /shared/from-host /shared/from-guest")).startsWith(sha256(content));
        assertThat(Files.readAllBytes(SHARED.resolve("from-guest"))).isEqualTo(content);
        Files.writeString(SHARED.resolve("from-host"), "changed");
        assertThat(shell("cat /shared/from-host")).as("the guest's cache does not hide it").isEqualTo("changed");
    }

    @Test
    void treesArePackedUnpackedFoundAndRemoved() throws Exception {
        String found = shell("""
                mkdir -p /tmp/tree/a/b /shared/trees && cd /tmp/tree
                for i in $(seq 300); do echo $i >a/b/$i; done
                ln -s b/1 a/link; ln a/b/1 a/hard; chmod 750 a/b; chmod 600 a/b/2
                tar c . | tar x -C /shared/trees
                for place in /tmp/tree /shared/trees; do cd $place; find . -type f | sort | xargs cat | md5sum; done
                find /shared/trees | wc -l; stat -c %h /shared/trees/a/hard
                """);
        String[] lines = found.split("\n");
        assertThat(lines[0]).isEqualTo(lines[1]);
        assertThat(lines[2]).isEqualTo("305");
        assertThat(lines[3]).as("hard links").isEqualTo("2");
        assertThat(Files.getPosixFilePermissions(SHARED.resolve("trees/a/b"))).hasSize(5);
        assertThat(Files.readSymbolicLink(SHARED.resolve("trees/a/link"))).hasToString("b/1");
        shell("mv /shared/trees /shared/moved; rm -r /shared/moved");
        assertThat(SHARED.resolve("moved")).doesNotExist();
    }

    @Test
    void noLinkLeadsOut() throws Exception {
        Files.createSymbolicLink(SHARED.resolve("absolute"), OUTSIDE.toAbsolutePath().resolve("secret"));
        Files.createSymbolicLink(SHARED.resolve("relative"), Path.of("../outside/secret"));
        assertThat(guest.exec("cat", "/shared/absolute").status()).isNotZero();
        assertThat(guest.exec("cat", "/shared/relative").status()).isNotZero();
        shell("ln -s ../outside /shared/up; ! ls /shared/up/; ls /shared/..; mkdir -p /outside; ls /shared/up/; echo own >/shared/up/secret; cat /outside/secret");
        assertThat(OUTSIDE.resolve("secret")).hasContent("secret");
        shell("rm /shared/absolute /shared/relative /shared/up");
    }

    @Test
    void aFolderToBeReadIsOnlyRead() throws Exception {
        Files.writeString(SHARED.resolve("data/file"), "data");
        assertThat(shell("cat /data/file; ! touch /data/new; ! rm /data/file; ! sh -c 'echo >/data/file'; mount -o remount,rw /data; ! touch /data/new"))
                .startsWith("data");
        assertThat(SHARED.resolve("data/new")).doesNotExist();
        assertThat(SHARED.resolve("data/file")).hasContent("data");
    }

    @Test
    void manyProcessesWorkAtOnce() throws Exception {
        shell("""
                mkdir /shared/parallel && cd /shared/parallel
                for p in 1 2 3 4 5 6; do
                  ( for i in $(seq 100); do echo $p.$i >$p.$i; mv $p.$i done.$p.$i; echo line $p $i >>log; done ) &
                done
                wait
                """);
        try (var files = Files.list(SHARED.resolve("parallel"))) {
            assertThat(files).hasSize(601);
        }
        assertThat(Files.readAllLines(SHARED.resolve("parallel/log"))).as("appended lines do not overwrite each other").hasSize(600);
        assertThat(SHARED.resolve("parallel/done.3.77")).hasContent("3.77");
        shell("rm -r /shared/parallel");
    }

    @Test
    void filesAreTruncatedSparseOpenWhileDeletedAndHaveTimes() throws Exception {
        assertThat(shell("""
                cd /shared; exec 3<>open; rm open; echo gone >&3; cat /proc/self/fd/3; exec 3>&-
                truncate -s 1M sparse; echo x | dd of=sparse bs=1 seek=500000 conv=notrunc 2>/dev/null; stat -c %s sparse
                touch -d '2001-02-03 04:05:06' sparse; stat -c %Y sparse
                chown 1000:1000 sparse && echo no complaint
                """)).isEqualTo("gone\n1048576\n981173106\nno complaint");
        assertThat(Files.getLastModifiedTime(SHARED.resolve("sparse")).toInstant().getEpochSecond()).isEqualTo(981173106);
        assertThat((Long) Files.getAttribute(SHARED.resolve("sparse"), "unix:size", LinkOption.NOFOLLOW_LINKS)).isEqualTo(1 << 20);
        shell("rm /shared/sparse");
    }
}
