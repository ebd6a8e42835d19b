package org.lodgevm.image.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.TestHost;
import org.lodgevm.image.deb.DebBuilder;
import org.lodgevm.image.debian.PackageRecord;
import org.lodgevm.image.pgp.TestKey;

class PackageClosureTest {
    private static final List<String> SYSTEM = List.of(
            "init", "systemd-sysv", "udev", "dbus", "iproute2", "iputils-ping", "netbase", "ca-certificates", "e2fsprogs", "libpam-systemd", "cloud-init",
            "sudo", "make");

    @TempDir
    private Path root;

    @Test
    void theBaseIsWhatIsRequiredAndTheRestFollows() throws Exception {
        TestKey key = TestKey.make();
        try (FakeArchive archive = new FakeArchive()) {
            archive.add("dash", "1", "amd64", "Essential: yes\nPriority: required\nDepends: libc6\n", new DebBuilder());
            archive.add("libc6", "1", "amd64", "Priority: optional\n", new DebBuilder());
            archive.add("passwd", "1", "amd64", "Priority: required\n", new DebBuilder());
            archive.add("nano", "1", "amd64", "Priority: important\n", new DebBuilder());
            archive.add("unwanted", "1", "amd64", "Priority: optional\n", new DebBuilder());
            archive.add("git", "1", "amd64", "Priority: optional\nDepends: perl\n", new DebBuilder());
            archive.add("perl", "1", "amd64", "Priority: standard\n", new DebBuilder());
            archive.add("apt", "1", "amd64", "Priority: important\n", new DebBuilder());
            archive.add(PackageClosure.KERNEL, "1", "amd64", "Depends: linux-image-1\n", new DebBuilder());
            archive.add("linux-image-1", "1", "amd64", "", new DebBuilder());
            SYSTEM.forEach(name -> archive.add(name, "1", "amd64", "", new DebBuilder()));
            archive.publish(key);
            var host = TestHost.in(root);
            TestHost.write(host, "/etc/apt/trusted.gpg.d/test.asc", key.armoured());
            DebianPackages packages = DebianPackages.on(host).from(archive.uri(), FakeArchive.SUITE);
            try (Acquisition acquisition = new Acquisition(packages, Progress.SILENT)) {
                PackageClosure closure = PackageClosure.of(acquisition.index(Architecture.AMD64), List.of("git"));
                assertThat(closure.base()).extracting(PackageRecord::name).containsExactly("libc6", "dash", "passwd");
                assertThat(closure.others())
                        .extracting(PackageRecord::name)
                        .containsAll(SYSTEM)
                        .contains("nano", "apt", "linux-image-1", PackageClosure.KERNEL)
                        .containsSubsequence("perl", "git")
                        .doesNotContain("unwanted", "dash", "systemd-resolved");
            }
        }
    }
}
