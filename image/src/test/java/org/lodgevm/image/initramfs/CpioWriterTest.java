package org.lodgevm.image.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.initramfs.CpioReader.Member;

class CpioWriterTest {
    @Test
    void theSameMembersGiveTheSameBytes() throws IOException {
        assertThat(archive()).isEqualTo(archive());
    }

    @Test
    void membersBelongToRootAndHaveNoTime() throws IOException {
        List<Member> members = CpioReader.read(archive());
        assertThat(members.stream().map(Member::name))
                .containsExactly("etc", "etc/motd", "etc/empty", "bin", "bin/sh", "dev/console", "TRAILER!!!");
        for (Member member : members) {
            assertThat(new int[] {member.fields()[2], member.fields()[3], member.fields()[5]})
                    .as(member.name())
                    .containsOnly(0);
        }
        assertThat(members.stream().limit(6).map(member -> member.fields()[0])).doesNotHaveDuplicates();
        assertThat(members.get(1).text()).isEqualTo("hello");
        assertThat(members.get(4).text()).isEqualTo("busybox");
    }

    @Test
    void anArchiveIsPaddedSoThatAnotherOneCanFollow() throws IOException {
        byte[] one = archive();
        assertThat(one.length % 512).isZero();
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(one);
        two.writeBytes(one);
        assertThat(CpioReader.read(two.toByteArray())).hasSize(14);
    }

    @Test
    void cpioListsWhatWasWritten(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/cpio")), "needs cpio");
        Path archive = Files.write(folder.resolve("archive"), archive());
        Process cpio = new ProcessBuilder("/usr/bin/cpio", "-itvn", "--quiet")
                .redirectInput(archive.toFile())
                .redirectErrorStream(true)
                .start();
        String listing = new String(cpio.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(cpio.waitFor()).as(listing).isZero();
        assertThat(listing.lines().map(line -> line.replaceAll("\\s+", " ")))
                .containsExactly(
                        "drwxr-xr-x 2 0 0 0 Jan 1 1970 etc",
                        "-rw-r--r-- 1 0 0 5 Jan 1 1970 etc/motd",
                        "-rw------- 1 0 0 0 Jan 1 1970 etc/empty",
                        "drwxrwxrwt 2 0 0 0 Jan 1 1970 bin",
                        "lrwxrwxrwx 1 0 0 7 Jan 1 1970 bin/sh -> busybox",
                        "crw------- 1 0 0 5, 1 Jan 1 1970 dev/console");
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioWriter archive = new CpioWriter(bytes)) {
            archive.directory("etc", 0755);
            archive.file("etc/motd", 0644, "hello".getBytes(StandardCharsets.UTF_8));
            archive.file("etc/empty", 0600, new byte[0]);
            archive.directory("bin", 01777);
            archive.symbolicLink("bin/sh", "busybox");
            archive.characterDevice("dev/console", 0600, 5, 1);
        }
        return bytes.toByteArray();
    }
}
