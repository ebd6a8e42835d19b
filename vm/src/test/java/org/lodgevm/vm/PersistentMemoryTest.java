package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.GuestMemory.Slot;
import org.lodgevm.vm.DeviceSpec.PersistentMemory;
import org.lodgevm.vm.migration.MigrationOptions;
import org.lodgevm.vm.migration.ProtectionOptions;

class PersistentMemoryTest {
    private static final long UNIT = PersistentMemory.UNIT;

    @TempDir
    Path folder;

    private static Machine machine(PersistentMemory... memories) {
        MachineBuilder builder = MachineTest.builder(FakeAccelerator.IDLE);
        List.of(memories).forEach(builder::device);
        return builder.build();
    }

    private Path file(String name, long size) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(size);
        }
        return file;
    }

    private static List<Slot> beyondRam(Machine machine) {
        return machine.memory().slots().stream().filter(slot -> slot.gpa() >= PcLayout.HIGH_RAM).toList();
    }

    @Test
    void whatIsWrittenToItIsInTheFile() throws IOException {
        Path file = folder.resolve("new");
        try (Machine machine = machine(new PersistentMemory(file, UNIT, false))) {
            machine.memory().write(PcLayout.HIGH_RAM + 5, "hello".getBytes(US_ASCII));
            assertThat(machine.memory().ramSlots()).as("it is no RAM").noneMatch(slot -> slot.gpa() == PcLayout.HIGH_RAM);
        }
        assertThat(new String(Files.readAllBytes(file), 5, 5, US_ASCII)).isEqualTo("hello");
        try (Machine machine = machine(PersistentMemory.of(file))) {
            assertThat(machine.memory().read(PcLayout.HIGH_RAM + 5, 5)).isEqualTo("hello".getBytes(US_ASCII));
        }
    }

    @Test
    void eachHasAPlaceOfItsOwn() throws IOException {
        try (Machine machine = machine(PersistentMemory.of(file("a", UNIT)), new PersistentMemory(file("b", 3 * UNIT), 0, true))) {
            assertThat(beyondRam(machine)).extracting(Slot::gpa).containsExactly(PcLayout.HIGH_RAM, PcLayout.HIGH_RAM + PcLayout.LARGEST_PAGE);
            assertThat(beyondRam(machine)).extracting(Slot::size).containsExactly(UNIT, 3 * UNIT);
            assertThat(beyondRam(machine)).extracting(Slot::readOnly).containsExactly(false, true);
        }
    }

    @Test
    void severalMachinesMayReadOneFileAndOneWrite() throws IOException {
        Path file = file("shared", UNIT);
        PersistentMemory toRead = new PersistentMemory(file, 0, true);
        try (Machine _ = machine(toRead); Machine _ = machine(toRead)) {
            assertThatThrownBy(() -> machine(PersistentMemory.of(file))).isInstanceOf(MachineException.class).hasMessageContaining("shared: it is open already");
        }
        machine(PersistentMemory.of(file)).close();
    }

    @Test
    void aFileThatDoesNotFitIsRefusedAndLeftAsItIs() throws IOException {
        assertRefused(PersistentMemory.of(folder.resolve("none")), "none: there is no such file");
        assertRefused(new PersistentMemory(folder.resolve("none"), UNIT, true), "none: there is no such file");
        assertRefused(new PersistentMemory(folder.resolve("none"), 1L << 40, false), "none: it ");
        assertThat(folder).isEmptyDirectory();
        assertRefused(PersistentMemory.of(file("empty", 0)), "empty: it has 0 bytes, which is no multiple of 2 MiB; lengthen it: truncate -s %2M");
        assertRefused(PersistentMemory.of(file("odd", 4097)), "odd: it has 4097 bytes");
        assertRefused(new PersistentMemory(file("small", UNIT), 2 * UNIT, false), "small: it has 2097152 bytes, not 4194304");
        assertRefused(new PersistentMemory(file("huge", 1L << 40), 0, true), "huge: it has 1048576 MiB, and the machine has addresses for 258048 more");
        assertThat(folder.resolve("small")).hasSize(UNIT);
        assertThatIllegalArgumentException().isThrownBy(() -> new PersistentMemory(folder, UNIT + 1, false)).withMessageContaining("multiple of 2 MiB");
    }

    private static void assertRefused(PersistentMemory memory, String why) {
        assertThatThrownBy(() -> machine(memory)).isInstanceOf(MachineException.class).hasMessageContaining(why);
    }

    /** Of what it holds there is one only. */
    @Test
    void aMachineThatHasSomeIsNeitherCopiedNorMoved() throws IOException {
        try (Machine machine = machine(PersistentMemory.of(file("one", UNIT)))) {
            machine.start();
            assertThatThrownBy(machine::snapshot).isInstanceOf(MachineException.class).hasMessageContaining("neither be kept in a snapshot, nor be copied or moved");
            assertThatThrownBy(machine::fork).isInstanceOf(MachineException.class);
            assertThatThrownBy(() -> machine.fork(folder, copy -> {})).isInstanceOf(MachineException.class);
            assertThatThrownBy(() -> machine.migration(null, new byte[0], MigrationOptions.DEFAULT, progress -> {})).isInstanceOf(MachineException.class);
            assertThatThrownBy(() -> machine.protection(null, new byte[0], ProtectionOptions.DEFAULT, progress -> {})).isInstanceOf(MachineException.class);
            assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
        }
    }
}
