package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.SnapshotFile;

/**
 * A snapshot that an earlier release wrote goes on in this one, with every accelerator that works anywhere. It is of four CPUs, of which the first counts, and of
 * each device. Whoever releases Lodge adds one: {@code -Dlodge.golden=FILE} has it written.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GoldenSnapshotTest {
    private static final ValueLayout.OfInt COUNT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long COUNTER = 0x1000;
    private static final int BIOS_SIZE = 1 << 16;
    private static final int RESET_VECTOR = 0xfff0;
    /** 16-bit code: {@code inc dword [0x1000]; jmp} to it. */
    private static final int[] COUNTING = {0x66, 0xff, 0x06, 0x00, 0x10, 0xeb, 0xf9};
    /** {@code jmp 0xf000:0} */
    private static final int[] TO_COUNTING = {0xea, 0x00, 0x00, 0x00, 0xf0};

    @TempDir
    Path folder;

    private MachineBuilder builder(String accelerator) throws IOException {
        byte[] bios = new byte[BIOS_SIZE];
        put(bios, 0, COUNTING);
        put(bios, RESET_VECTOR, TO_COUNTING);
        Path disk = folder.resolve("disk.raw");
        Files.write(disk, new byte[1 << 20]);
        return Machine.builder().name("golden").uuid(new UUID(1, 2)).bios(BootFile.of("counting", bios)).memory(MachineSpec.MIN_MEMORY).cpus(4).accelerator(accelerator)
                .device(new DeviceSpec.Entropy()).device(new DeviceSpec.Balloon()).device(new DeviceSpec.Socket(3))
                .device(new DeviceSpec.Port("a", true)).device(new DeviceSpec.Agent()).device(new DeviceSpec.Disk(disk.toString(), "raw", true, "golden"))
                .device(DeviceSpec.Network.DEFAULT);
    }

    private static void put(byte[] image, int at, int... code) {
        for (int i = 0; i < code.length; i++) {
            image[at + i] = (byte) code[i];
        }
    }

    private static int counted(Machine machine) {
        return machine.memory().at(COUNTER, 4).get(COUNT, 0);
    }

    private static void awaitCount(Machine machine, int more) throws InterruptedException {
        int begin = counted(machine);
        while (counted(machine) - begin < more) {
            Thread.sleep(1);
        }
    }

    private Path golden(String release) throws IOException {
        Path file = folder.resolve(release);
        try (InputStream packed = GoldenSnapshotTest.class.getResourceAsStream(release + ".snapshot.gz"); InputStream content = new GZIPInputStream(packed)) {
            Files.copy(content, file);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"interpreter", Accelerators.AUTO})
    void theOneOfVersion1GoesOn(String accelerator) throws Exception {
        SnapshotFile snapshot = SnapshotFile.open(golden("golden-1"));
        snapshot.verify();
        assertThat(snapshot.description().accelerator()).isEqualTo("interpreter");
        try (Machine machine = builder(accelerator).restore(snapshot).build()) {
            machine.startPaused();
            int before = counted(machine);
            assertThat(before).isPositive();
            assertThat(machine.cpu(0).gpr).hasSize(16);
            assertThat(machine.cpu(3).waitingForStartup).isTrue();
            machine.resume();
            awaitCount(machine, 1000);
            assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "lodge.golden", matches = ".+")
    void isWritten() throws Exception {
        Path file = folder.resolve("golden");
        try (Machine machine = builder("interpreter").build()) {
            machine.start();
            awaitCount(machine, 1000);
            machine.snapshot(file, Compression.ZSTD);
        }
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(Path.of(System.getProperty("lodge.golden"))))) {
            Files.copy(file, packed);
        }
    }
}
