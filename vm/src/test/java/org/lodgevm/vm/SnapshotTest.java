package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotFile;

class SnapshotTest {
    private static final long SEED = Long.getLong("lodge.fuzz.seed", 1);
    private static final int FACTOR = Integer.getInteger("lodge.fuzz.factor", 1);
    private static final long ADDRESS = 0x12_3000;

    @TempDir
    Path folder;

    private Path file;
    private byte[] state;

    private static MachineBuilder builder() {
        return MachineTest.builder(FakeAccelerator.IDLE).cpus(2).device(new DeviceSpec.Entropy());
    }

    @BeforeEach
    void takeOne() throws Exception {
        file = folder.resolve("one.snapshot");
        try (Machine machine = builder().build()) {
            machine.start();
            machine.pause();
            machine.memory().write(ADDRESS, new byte[] {1, 2, 3});
            state = machine.saveState();
            machine.snapshot(file);
            machine.memory().write(ADDRESS, new byte[] {9, 9, 9});
        }
    }

    @Test
    void aMachineGoesOnFromItsSnapshot() throws Exception {
        try (Machine machine = builder().restore(SnapshotFile.open(file)).build()) {
            machine.start();
            machine.pause();
            assertThat(machine.memory().read(ADDRESS, 4)).containsExactly(1, 2, 3, 0);
            assertThat(machine.saveState()).hasSameSizeAs(state);
        }
    }

    @Test
    void whatAMachineWritesAfterwardsIsNotInTheFile() throws Exception {
        byte[] before = Files.readAllBytes(file);
        try (Machine machine = builder().restore(SnapshotFile.open(file)).build()) {
            machine.start();
            machine.pause();
            machine.memory().write(ADDRESS, new byte[] {7});
            Path second = folder.resolve("two.snapshot");
            machine.snapshot(second);
            try (Machine other = builder().restore(SnapshotFile.open(second)).build()) {
                other.start();
                assertThat(other.memory().read(ADDRESS, 4)).containsExactly(7, 2, 3, 0);
            }
        }
        assertThat(Arrays.equals(Files.readAllBytes(file), before)).isTrue();
    }

    @Test
    void copiesShareMemoryUntilTheyWrite() throws Exception {
        Path description = folder.resolve("fork");
        try (Machine machine = builder().build()) {
            machine.start();
            machine.memory().write(ADDRESS, new byte[] {1});
            try {
                machine.share(description, folder, (_, _) -> {});
            } catch (SnapshotException e) {
                assertThat(e).hasMessageContaining("cannot be shared"); // this module's tests have no Linux memory
                return;
            }
            try (Machine copy = builder().restore(SnapshotFile.openReference(description)).build()) {
                copy.start();
                copy.memory().write(ADDRESS, new byte[] {2});
                assertThat(machine.memory().read(ADDRESS, 1)).containsExactly(1);
            }
            assertThatThrownBy(() -> SnapshotFile.open(description)).isInstanceOf(SnapshotException.class).hasMessageContaining("only while");
        }
    }

    /** Before RAM, every bit counts; RAM is looked at by {@code verify}. */
    @Test
    void everyChangedBitIsNoticed() throws Exception {
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(SEED);
        SnapshotFile.open(file).verify();
        Path bad = folder.resolve("bad.snapshot");
        for (int i = 0; i < 200 * FACTOR; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(i % 2 == 0 ? 150_000 : good.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(bad, damaged);
            assertThatThrownBy(() -> SnapshotFile.open(bad).verify()).isInstanceOf(SnapshotException.class).hasMessageContaining(bad.toString());
        }
    }

    @Test
    void aCompressedOneIsSmallAndAsGood() throws Exception {
        Path small = folder.resolve("small.snapshot");
        byte[] text = "not quite random ".repeat(20_000).getBytes(US_ASCII);
        try (Machine machine = builder().restore(SnapshotFile.open(file)).build()) {
            machine.start();
            machine.memory().write(ADDRESS + 0x1000, text);
            machine.snapshot(small, Compression.ZSTD);
        }
        assertThat(Files.size(small)).isLessThan(Files.size(file) / 20);
        SnapshotFile.open(small).verify();
        try (Machine machine = builder().restore(SnapshotFile.open(small)).build()) {
            machine.start();
            assertThat(machine.memory().read(ADDRESS, 4)).containsExactly(1, 2, 3, 0);
            assertThat(machine.memory().read(ADDRESS + 0x1000, text.length)).isEqualTo(text);
        }
        byte[] good = Files.readAllBytes(small);
        Random random = new Random(SEED);
        for (int i = 0; i < 200 * FACTOR; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(small, damaged);
            assertThatThrownBy(() -> SnapshotFile.open(small).verify()).isInstanceOf(SnapshotException.class);
        }
    }

    /** A host that lets us mount something has a disk that is full soon. */
    @Test
    void aFullDiskLeavesNothingAndTheMachineGoesOn() throws Exception {
        Path full = Files.createDirectory(folder.resolve("full"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", full.toString()), "nothing can be mounted here");
        try (Machine machine = builder().build()) {
            machine.start();
            byte[] noise = new byte[1 << 20];
            new Random(SEED).nextBytes(noise);
            machine.memory().write(ADDRESS, noise);
            for (Compression compression : Compression.values()) {
                assertThatThrownBy(() -> machine.snapshot(full.resolve("one.snapshot"), compression)).isInstanceOf(SnapshotException.class)
                        .hasMessageContaining("cannot be written to " + full);
                assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
                try (Stream<Path> left = Files.list(full)) {
                    assertThat(left).isEmpty();
                }
            }
        } finally {
            run("umount", full.toString());
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @Test
    void everyTruncationIsNoticed() throws Exception {
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(SEED);
        Path bad = folder.resolve("bad.snapshot");
        for (int i = 0; i < 50 * FACTOR; i++) {
            Files.write(bad, Arrays.copyOf(good, random.nextInt(i % 2 == 0 ? 10_000 : good.length)));
            assertThatThrownBy(() -> SnapshotFile.open(bad)).isInstanceOf(SnapshotException.class);
        }
    }

    @Test
    void anotherMachineIsToldTheDifference() throws Exception {
        SnapshotFile snapshot = SnapshotFile.open(file);
        assertThatThrownBy(() -> builder().cpus(1).restore(snapshot).build()).isInstanceOf(MachineException.class)
                .hasMessage("the snapshot's machine has 2 CPUs, this one 1");
        assertThatThrownBy(() -> builder().memory(32 << 20).restore(snapshot).build()).isInstanceOf(MachineException.class);
        assertThatThrownBy(() -> builder().device(new DeviceSpec.Balloon()).restore(snapshot).build()).isInstanceOf(MachineException.class)
                .hasMessageContaining("devices");
    }

    @Test
    void whatCannotBeWrittenLeavesNothing() throws Exception {
        Path disk = folder.resolve("disk.raw");
        Files.write(disk, new byte[1 << 20]);
        try (Machine machine = builder().device(DeviceSpec.Disk.of(disk.toString())).build()) {
            machine.start();
            assertThatThrownBy(() -> machine.snapshot(folder.resolve("two.snapshot"))).isInstanceOf(MachineException.class)
                    .hasMessageContaining("raw").hasMessageContaining("qcow2");
            assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
        }
        try (Machine machine = builder().build()) {
            machine.start();
            assertThatThrownBy(() -> machine.snapshot(folder.resolve("none/two.snapshot"))).isInstanceOf(SnapshotException.class);
            assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("one.snapshot", "disk.raw");
        }
    }
}
