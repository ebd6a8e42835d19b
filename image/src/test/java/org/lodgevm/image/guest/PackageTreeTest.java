package org.lodgevm.image.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.TestHost;
import org.lodgevm.image.deb.DebBuilder;
import org.lodgevm.image.initramfs.CpioReader;
import org.lodgevm.image.initramfs.CpioReader.Member;
import org.lodgevm.image.pgp.TestKey;

@Timeout(60)
class PackageTreeTest {
    @TempDir
    private Path root;

    private final TestKey key = TestKey.make();
    private FakeArchive archive;
    private DebianPackages packages;

    @BeforeEach
    void setUp() throws IOException {
        archive = new FakeArchive();
        Host host = TestHost.in(root);
        TestHost.write(host, "/etc/apt/trusted.gpg.d/test.asc", key.armoured());
        packages = DebianPackages.on(host).from(archive.uri(), FakeArchive.SUITE);
        add("libc6", "", new DebBuilder()
                .directory("./lib/")
                .file("./lib/x/libc.so.6", "libc")
                .symbolicLink("./lib64", "usr/lib64")
                .symbolicLink("./lib64/ld.so", "/lib/x/ld.so"));
        add("tool", "Depends: libc6\n", new DebBuilder()
                .directory("./usr/")
                .directory("./usr/bin/")
                .file("./usr/bin/tool", "program")
                .hardLink("./usr/bin/alias", "./bin/tool")
                .member("./usr/bin/pipe", '6', "", new byte[0])
                .file("./usr/share/man/man1/tool.1", "manual")
                .file("./usr/share/doc/tool/copyright", "licence"));
        archive.publish(key);
    }

    @AfterEach
    void tearDown() {
        archive.close();
    }

    @Test
    void whatAPackageNeedsComesWithItInMergedFolders() throws IOException {
        Map<String, Member> members = tree("tool");

        assertThat(members.keySet()).containsExactlyInAnyOrder(
                "usr", "usr/lib", "usr/lib/x", "usr/lib/x/libc.so.6", "usr/lib64", "usr/lib64/ld.so", "usr/bin",
                "usr/bin/tool", "usr/bin/alias", "TRAILER!!!");
        assertThat(members.get("usr/bin/tool").text()).isEqualTo("program");
        assertThat(members.get("usr/lib64").mode()).isEqualTo(0040755);
        assertThat(members.get("usr/lib64/ld.so").text()).isEqualTo("/lib/x/ld.so");
        assertThat(members.get("usr/bin/alias").text()).isEqualTo("/usr/bin/tool");
    }

    @Test
    void severalPackagesShareWhatTheyNeed() throws IOException {
        add("other", "Depends: libc6\n", new DebBuilder().file("./usr/bin/other", "other"));
        archive.publish(key);

        assertThat(tree("tool", "other")).containsKeys("usr/bin/tool", "usr/bin/other");
    }

    @Test
    void theSecondTimeNoNetworkIsNeeded() throws IOException {
        Map<String, Member> first = tree("tool");
        archive.close();

        assertThat(tree("tool")).hasSameSizeAs(first);
    }

    @Test
    void aDamagedTreeIsMadeAgain() throws IOException {
        Path file = packages.tree(List.of("tool"), Architecture.AMD64, Progress.SILENT);
        byte[] content = Files.readAllBytes(file);
        Files.writeString(file, "damaged");

        assertThat(packages.tree(List.of("tool"), Architecture.AMD64, Progress.SILENT)).hasBinaryContent(content);
    }

    @Test
    void aPackageThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> tree("nosuch")).isInstanceOf(ImageException.class).hasMessageContaining("nosuch");
    }

    private void add(String name, String fields, DebBuilder content) {
        archive.add(name, "1", "amd64", fields, content);
    }

    /** No member is there twice. */
    private Map<String, Member> tree(String... names) throws IOException {
        Path file = packages.tree(List.of(names), Architecture.AMD64, Progress.SILENT);
        return CpioReader.read(Files.readAllBytes(file)).stream().collect(Collectors.toMap(Member::name, Function.identity()));
    }
}
