package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageInUseException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;

/** Forks of machines with disks; what their guests write is written here. */
class ForkTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path folder;

    private Path base;

    @BeforeEach
    void makeDisk() throws Exception {
        base = folder.resolve("disk.qcow2");
        Images.create(base.toString(), "qcow2", SIZE, CreateOptions.none(), ReferencePolicy.REFUSE);
    }

    private MachineBuilder builder(String format) {
        return MachineTest.builder(FakeAccelerator.IDLE).device(new DeviceSpec.Disk(base.toString(), format, false, "d0"));
    }

    private static void write(Machine machine, int at, int value) throws Exception {
        machine.arriving().write(0, at, ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    /** What a machine that is started on this disk would find. */
    private static int read(DeviceSpec.Disk disk, int at) throws Exception {
        ByteBuffer read = ByteBuffer.allocate(1);
        try (DiskImage image = Images.open(disk.image(), OpenOptions.of(Access.READ).as(disk.format()))) {
            image.read(at, read);
        }
        return read.get(0);
    }

    private Machine fork(Machine machine) {
        return machine.fork(folder, copy -> copy.accelerator(new FakeAccelerator(FakeAccelerator.IDLE)));
    }

    private static DeviceSpec.Disk disk(Machine machine) {
        return machine.disks().getFirst();
    }

    private static void qemu(String... command) throws Exception {
        assumeTrue(Stream.of("/usr/bin", "/bin", "/usr/local/bin").anyMatch(bin -> Files.isExecutable(Path.of(bin, "qemu-img"))), "qemu-img is not installed");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
    }

    @Test
    void eachSeesWhatWasThereAndWhatItWroteItself() throws Exception {
        DeviceSpec.Disk ours;
        DeviceSpec.Disk theirs;
        try (Machine machine = builder("qcow2").build()) {
            machine.start();
            write(machine, 0, 1);
            write(machine, 70_000, 1);
            try (Machine copy = fork(machine)) {
                copy.start();
                write(machine, 0, 2);
                write(copy, 70_000, 3);
                ours = disk(machine);
                theirs = disk(copy);
                assertThat(ours.serial()).isEqualTo(theirs.serial()).isEqualTo("d0");
                assertThatThrownBy(() -> Images.open(base, Access.WRITE)).isInstanceOf(ImageInUseException.class);
                assertThatThrownBy(() -> Images.open(Path.of(disk(copy).image()), Access.READ)).isInstanceOf(ImageInUseException.class);
            }
        }
        assertThat(List.of(read(ours, 0), read(ours, 70_000))).containsExactly(2, 1);
        assertThat(List.of(read(theirs, 0), read(theirs, 70_000))).containsExactly(1, 3);
        for (DeviceSpec.Disk each : List.of(ours, theirs)) {
            qemu("qemu-img", "check", each.image());
            qemu("qemu-io", "-c", "read -P %d 0 1".formatted(each.equals(ours) ? 2 : 1), "-c", "read -P %d 70000 1".formatted(each.equals(ours) ? 1 : 3), each.image());
        }
    }

    @Test
    void theFolderCanBeMovedWithAllThatIsInIt() throws Exception {
        DeviceSpec.Disk last;
        try (Machine machine = builder("qcow2").build()) {
            machine.start();
            write(machine, 0, 1);
            fork(machine).close();
            write(machine, 1, 2);
            fork(machine).close();
            last = disk(machine);
        }
        Path elsewhere = Files.move(folder, folder.resolveSibling(folder.getFileName() + "-moved"));
        try {
            DeviceSpec.Disk moved = new DeviceSpec.Disk(elsewhere.resolve(Path.of(last.image()).getFileName()).toString(), "qcow2", false, "");
            assertThat(List.of(read(moved, 0), read(moved, 1))).containsExactly(1, 2);
            qemu("qemu-img", "info", "--backing-chain", moved.image());
        } finally {
            Files.move(elsewhere, folder);
        }
    }

    @Test
    void aRawDiskStaysRawWhateverTheGuestWroteToIt() throws Exception {
        Files.write(base, new byte[SIZE]);
        try (Machine machine = builder(null).build()) {
            machine.start();
            machine.arriving().write(0, 0, ByteBuffer.wrap(new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3}));
            fork(machine).close();
            try (Machine second = fork(machine)) {
                second.start();
                write(second, 0, 'X');
                assertThat(disk(second).format()).isEqualTo("qcow2");
            }
            assertThat(Files.size(base)).isEqualTo(SIZE);
        }
    }

    @Test
    void whatNobodyWroteToIsNotPutUnderAnotherOverlay() throws Exception {
        try (Machine machine = builder("qcow2").build()) {
            machine.start();
            machine.pause();
            List<String> moves = new ArrayList<>();
            Copies copies = ((MovingPc) machine.arriving()).lifecycle().copies();
            Copies.Fork first = copies.fork(folder, (from, to) -> moves.add(from.image() + ' ' + to.image()));
            Copies.Fork second = copies.fork(folder, (from, to) -> moves.add(from.image() + ' ' + to.image()));
            assertThat(second.disks()).isEqualTo(first.disks());
            assertThat(moves).hasSize(3);
            assertThat(moves.get(2)).as("undone").startsWith(moves.get(1).split(" ")[1]).endsWith(moves.get(1).split(" ")[0]);
            first.capture().close();
            second.capture().close();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).as("the disk and its overlay").hasSize(2);
            }
        }
    }

    @Test
    void aMachineThatCannotBeForkedGoesOnAsBefore() throws Exception {
        try (Machine machine = builder("qcow2").build()) {
            machine.start();
            DeviceSpec.Disk before = disk(machine);
            try (MachineSnapshot _ = machine.snapshot()) {
                assertThatThrownBy(() -> fork(machine)).isInstanceOf(MachineException.class).hasMessageContaining("snapshots");
            }
            try (DirtyLog _ = machine.arriving().logWrites()) {
                assertThatThrownBy(() -> fork(machine)).isInstanceOf(MachineException.class).hasMessageContaining("about to move");
            }
            assertThatThrownBy(() -> machine.share(folder.resolve("fork"), folder, (from, _) -> {
                if (from.equals(before)) {
                    throw new MachineException("no space");
                }
            })).isInstanceOf(MachineException.class).hasMessageContaining("no space");
            assertThat(disk(machine)).isEqualTo(before);
            write(machine, 0, 5);
        }
        assertThat(read(new DeviceSpec.Disk(base.toString(), "qcow2", false, ""), 0)).isEqualTo(5);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(base);
        }
    }
}
