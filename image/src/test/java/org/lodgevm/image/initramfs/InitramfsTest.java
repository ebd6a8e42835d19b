package org.lodgevm.image.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.initramfs.CpioReader.Member;

class InitramfsTest {
    @Test
    void everyMembersFolderComesBeforeIt() throws IOException {
        Set<String> folders = new HashSet<>(Set.of(""));
        for (Member member : CpioReader.read(write(new Initramfs(new byte[] {1, 2, 3})))) {
            int slash = member.name().lastIndexOf('/');
            assertThat(folders).as(member.name()).contains(slash < 0 ? "" : member.name().substring(0, slash));
            folders.add(member.name());
        }
    }

    @Test
    void modulesAreListedInTheOrderTheyWereAdded() throws IOException {
        Initramfs initramfs = new Initramfs(new byte[0]);
        initramfs.module("b.ko", new byte[] {1});
        initramfs.module("a.ko", new byte[] {2});
        assertThat(member(initramfs, "lodge/modules").text()).isEqualTo("/usr/lib/modules/b.ko\n/usr/lib/modules/a.ko\n");
        assertThat(member(initramfs, "usr/lib/modules/a.ko").content()).containsExactly(2);
    }

    @Test
    void theKernelFindsAnExecutableInitAndAConsole() throws IOException {
        Initramfs initramfs = new Initramfs(new byte[0]);
        assertThat(member(initramfs, "init").mode()).isEqualTo(0100755);
        assertThat(member(initramfs, "dev/console").mode()).isEqualTo(0020600);
        assertThat(member(initramfs, "usr/bin/sh").text()).isEqualTo("busybox");
        assertThat(member(initramfs, "bin").text()).isEqualTo("usr/bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"init", "session", "command", "switch", "dhcp", "../guest/install"})
    void aShellUnderstandsTheScripts(String script) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
        Process shell = new ProcessBuilder("/bin/sh", "-n").redirectErrorStream(true).start();
        try (var in = Initramfs.class.getResourceAsStream(script); var out = shell.getOutputStream()) {
            in.transferTo(out);
        }
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
    }

    private static Member member(Initramfs initramfs, String name) throws IOException {
        return CpioReader.read(write(initramfs)).stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] write(Initramfs initramfs) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        initramfs.write(bytes);
        return bytes.toByteArray();
    }
}
