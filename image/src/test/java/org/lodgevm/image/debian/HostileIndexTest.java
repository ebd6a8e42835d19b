package org.lodgevm.image.debian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.lodgevm.image.Damage;

/** What an archive says of itself, damaged: it is refused with a reason, or means something else. */
class HostileIndexTest {
    private static final String DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String RELEASE = """
            Suite: stable
            Codename: bookworm
            Date: Sat, 07 Jun 2025 09:31:02 UTC
            Valid-Until: Sat, 14 Jun 2025 09:31:02 UTC
            Acquire-By-Hash: yes
            NotAutomatic: yes
            SHA256:
             %1$s 1484 main/binary-amd64/Packages
             %1$s 700 main/binary-amd64/Packages.xz
            """.formatted(DIGEST);
    private static final String PACKAGES = """
            Package: busybox-static
            Version: 1:1.35.0-4+b3
            Architecture: amd64
            Depends: libc6 (>= 2.34), a | b:any [amd64] <!nocheck>
            Provides: busybox (= 1:1.35.0)
            Conflicts: busybox (<< 1:2), c
            Filename: pool/main/b/busybox/busybox-static_1.35.0-4+b3_amd64.deb
            Size: 981616
            SHA256: %1$s

            Package: linux-image
            Version: 6.1~rc1
            Architecture: amd64
            Filename: pool/main/l/linux/linux.deb
            Size: 1
            SHA256: %1$s
            """.formatted(DIGEST);

    @Test
    void aReleaseFile() {
        Damage.read(20_000, damaged -> {
            try {
                Release.parse(damaged).smallest("main/binary-amd64/Packages");
            } catch (IllegalArgumentException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }, RELEASE.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPackageIndex() {
        Damage.read(20_000, damaged -> {
            try {
                PackageIndex index = new PackageIndex();
                index.read(new ByteArrayInputStream(damaged), URI.create("https://archive.test/"), 500);
                index.candidate("busybox-static").ifPresent(found -> {
                    assertThat(found.depends()).isNotNull();
                    assertThat(found.conflicts()).isNotNull();
                });
            } catch (IllegalArgumentException | IOException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }, PACKAGES.getBytes(StandardCharsets.UTF_8));
    }
}
