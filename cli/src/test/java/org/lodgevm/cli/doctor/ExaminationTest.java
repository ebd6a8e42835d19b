package org.lodgevm.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Host;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Confinement.Barrier;

class ExaminationTest {
    private record Named(String name, String unavailable) implements Accelerator {
        @Override
        public int preference() {
            return 0;
        }

        @Override
        public VcpuFactory open(MachineContext context) {
            throw new UnsupportedOperationException();
        }
    }

    @TempDir
    Path root;

    @BeforeEach
    void aLinuxHost() throws IOException {
        write("proc/meminfo", "MemTotal:       2097152 kB\nMemAvailable:   1048576 kB\nHugePages_Free:        0\n");
        write("proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\n"
                + "Max open files            1024                 524288               files\n"
                + "Max locked memory         unlimited            unlimited            bytes\n");
        write("sys/kernel/mm/transparent_hugepage/shmem_enabled", "always within_size advise [never] deny force\n");
        write("dev/net/tun", "");
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private Finding find(String subject, Accelerator... accelerators) throws IOException {
        Host host = new Host(root, Map.of(), "Linux", root, InstantSource.system());
        return new Examination(host, List.of(accelerators), List.of(new Barrier("walls", "stays inside", null), new Barrier("moats", "", "there is no water"))).findings().stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElse(null);
    }

    @Test
    void theBestAcceleratorThatWorksIsTheOneThatAutoTakes() throws IOException {
        Accelerator broken = new Named("fast", "there is no /dev/fast");
        Accelerator first = new Named("good", null);
        Accelerator second = new Named("slow", null);
        assertThat(find("accelerator fast", broken, first, second)).isEqualTo(Finding.missing("accelerator fast", "there is no /dev/fast"));
        assertThat(find("accelerator good", broken, first, second).text()).isEqualTo("works; auto takes it");
        assertThat(find("accelerator slow", broken, first, second).text()).isEqualTo("works");
    }

    @Test
    void aHostOnWhichNoneWorksIsBad() throws IOException {
        assertThat(find("accelerator", new Named("fast", "broken")).state()).isEqualTo(Finding.State.BAD);
    }

    @Test
    void barriersAreToldWithWhatTheyDoOrWhyTheyAreMissing() throws IOException {
        assertThat(find("sandbox walls")).isEqualTo(Finding.ok("sandbox walls", "a machine's process stays inside"));
        assertThat(find("sandbox moats")).isEqualTo(Finding.missing("sandbox moats", "there is no water"));
    }

    @Test
    void memoryIsToldInMebibytes() throws IOException {
        assertThat(find("memory").text()).isEqualTo("1024 MiB available of 2048 MiB");
    }

    @Test
    void fewOpenFilesAreMentionedWithTheWayOut() throws IOException {
        assertThat(find("open files").text()).contains("at most 1024").contains("ulimit -n 4096");
        assertThat(find("locked memory").text()).isEqualTo("no limit");
    }

    @Test
    void hugePagesThatAreOffAreMissing() throws IOException {
        assertThat(find("huge pages").state()).isEqualTo(Finding.State.MISSING);
        write("sys/kernel/mm/transparent_hugepage/shmem_enabled", "always [advise] never\n");
        assertThat(find("huge pages").state()).isEqualTo(Finding.State.OK);
    }

    @Test
    void tapIsToldFromItsDevice() throws IOException {
        assertThat(find("TAP").state()).isEqualTo(Finding.State.OK);
        Files.delete(root.resolve("dev/net/tun"));
        assertThat(find("TAP").text()).contains("load the module tun");
    }

    @Test
    void theCacheIsWhereItWillBe() throws IOException {
        assertThat(find("cache").text()).startsWith(root.resolve(".cache/lodge").toString());
    }
}
