package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
                machine.share(description);
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
