package org.lodgevm.image.seed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.DeviceSpec;

class SeedTest {
    private static final Path BLKID = Path.of("/sbin/blkid");
    private static final Path XORRISO = Path.of("/usr/bin/xorriso");
    private static final byte[] USER_DATA = "#cloud-config\npackages: [git]\n".getBytes(UTF_8);

    @TempDir
    private Path folder;

    /** cloud-init looks for volumes with these. */
    @Test
    void blkidSeesTheLabelAndTheFormat() throws Exception {
        assumeTrue(Files.isExecutable(BLKID), "needs blkid");
        assertThat(run(BLKID.toString(), "-p", "-o", "export", volume().toString())).contains("\nLABEL=cidata\n").contains("\nTYPE=iso9660\n");
    }

    @Test
    void xorrisoFindsTheFilesByTheirNames() throws Exception {
        assumeTrue(Files.isExecutable(XORRISO), "needs xorriso");
        Path out = folder.resolve("out");
        run(XORRISO.toString(), "-osirrox", "on", "-indev", volume().toString(), "-extract", "/", out.toString());
        assertThat(out.resolve("user-data")).hasBinaryContent(USER_DATA);
        assertThat(out.resolve("meta-data")).hasContent("instance-id: 00000000-0000-0001-0000-000000000002\nlocal-hostname: \"web\"\n");
        assertThat(out.resolve("network-config")).hasContent("config: disabled\n");
    }

    @Test
    void aNetworkNeedNotBeSaid() {
        Seed seed = new Seed(USER_DATA, Seed.metaData(new UUID(1, 2), "web"), Optional.empty());
        assertThat(new String(seed.volume(), UTF_8)).contains("user-data").doesNotContain("network-config");
    }

    @Test
    void itIsADiskOfSectors() {
        DeviceSpec.MemoryDisk disk = (DeviceSpec.MemoryDisk) seed().disk();
        assertThat(disk.serial()).isEqualTo("cidata");
        assertThat(disk.content().length % 2048).isZero();
    }

    private static Seed seed() {
        return Seed.withNetworkOfImage(USER_DATA, Seed.metaData(new UUID(1, 2), "web"));
    }

    private Path volume() throws IOException {
        return Files.write(folder.resolve("seed.iso"), seed().volume());
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
