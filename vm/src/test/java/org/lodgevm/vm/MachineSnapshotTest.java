package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.SnapshotFile;

class MachineSnapshotTest {
    private static final long ADDRESS = 0x12_3000;

    @TempDir
    Path folder;

    private static MachineBuilder builder() {
        return MachineTest.builder(FakeAccelerator.IDLE).cpus(2).device(new DeviceSpec.Entropy()).device(new DeviceSpec.Agent());
    }

    private static void put(Machine machine, int value) {
        machine.memory().write(ADDRESS, new byte[] {(byte) value});
    }

    private static int get(Machine machine) {
        return machine.memory().read(ADDRESS, 1)[0];
    }

    private DeviceSpec.Disk disk() throws Exception {
        Path disk = folder.resolve("disk.qcow2");
        Images.create(disk.toString(), "qcow2", 1 << 20, CreateOptions.none(), ReferencePolicy.REFUSE);
        return new DeviceSpec.Disk(disk.toString(), "qcow2", false, "");
    }

    @Test
    void aMachineGoesBackToAnyOfItsSnapshotsAndStaysRunningOrPaused() {
        try (Machine machine = builder().build()) {
            machine.start();
            machine.pause();
            put(machine, 1);
            byte[] state = machine.saveState();
            MachineSnapshot first = machine.snapshot();
            put(machine, 2);
            MachineSnapshot second = machine.snapshot();
            put(machine, 3);
            machine.restore(first);
            assertThat(get(machine)).isEqualTo(1);
            assertThat(machine.saveState()).as("but for the generation").isNotEqualTo(state).hasSameSizeAs(state);
            assertThat(machine.state()).isEqualTo(Machine.State.PAUSED);
            machine.restore(second);
            assertThat(get(machine)).isEqualTo(2);
            second.close();
            machine.resume();
            machine.restore(first);
            assertThat(get(machine)).isEqualTo(1);
            assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
            assertThatIllegalStateException().isThrownBy(() -> machine.restore(second)).withMessageContaining("closed");
        }
    }

    @Test
    void itsDisksGoBackToo() throws Exception {
        DeviceSpec.Disk disk = disk();
        try (Machine machine = builder().device(disk).build()) {
            machine.start();
            try (MachineSnapshot snapshot = machine.snapshot()) {
                assertThat(snapshots(disk)).isEqualTo(1);
                machine.restore(snapshot);
                machine.restore(snapshot);
                assertThatThrownBy(snapshot::copy).isInstanceOf(MachineException.class).hasMessageContaining("two machines");
            }
            assertThat(snapshots(disk)).as("after it was closed").isZero();
            machine.snapshot();
            machine.snapshot().save(folder.resolve("saved"), Compression.NONE);
            assertThat(snapshots(disk)).isEqualTo(2);
        }
        assertThat(snapshots(disk)).as("what is the file's").isEqualTo(1);
        try (Machine machine = builder().device(disk).restore(SnapshotFile.open(folder.resolve("saved"))).build()) {
            machine.start();
        }
    }

    private static int snapshots(DeviceSpec.Disk disk) throws Exception {
        try (DiskImage image = Images.open(disk.image(), OpenOptions.of(Access.READ_UNLOCKED).as("qcow2"))) {
            image.read(0, ByteBuffer.allocate(512));
            return image.snapshots().list().size();
        }
    }

    @Test
    void copiesGoOnFromThereWhateverBecomesOfTheOriginal() {
        Machine copy;
        try (Machine machine = builder().build()) {
            machine.start();
            put(machine, 1);
            try (MachineSnapshot snapshot = machine.snapshot()) {
                put(machine, 2);
                copy = snapshot.copy().accelerator(new FakeAccelerator(FakeAccelerator.IDLE)).build();
            }
            copy.start();
            put(copy, 7);
            assertThat(get(machine)).isEqualTo(2);
        }
        try (copy) {
            assertThat(get(copy)).isEqualTo(7);
            assertThat(copy.state()).isEqualTo(Machine.State.RUNNING);
            try (MachineSnapshot again = copy.snapshot()) {
                put(copy, 8);
                copy.restore(again);
                assertThat(get(copy)).isEqualTo(7);
            }
        }
    }

    @Test
    void neitherAnothersSnapshotNorAMachineThatHasEndedIsRestored() {
        try (Machine machine = builder().build(); Machine other = builder().build()) {
            machine.start();
            other.start();
            MachineSnapshot snapshot = machine.snapshot();
            assertThatIllegalArgumentException().isThrownBy(() -> other.restore(snapshot)).withMessageContaining("not one of");
            machine.stop();
            assertThatIllegalStateException().isThrownBy(() -> machine.restore(snapshot)).withMessageContaining("copy");
            assertThatIllegalStateException().isThrownBy(machine::snapshot);
            try (Machine copy = snapshot.copy().accelerator(new FakeAccelerator(FakeAccelerator.IDLE)).build()) {
                copy.startPaused();
                assertThat(copy.state()).isEqualTo(Machine.State.PAUSED);
            }
        }
    }
}
