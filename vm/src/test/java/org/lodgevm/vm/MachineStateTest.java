package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.devices.chipset.Chipset;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.machine.state.StateFormat;
import org.lodgevm.machine.state.Value;
import org.lodgevm.share.SharedFolder;

class MachineStateTest {
    /** Requests that are under way, which are finished or given back before; and what no machine of ours has. */
    private static final Set<String> NOT_SAVED = Set.of("DescriptorChain", "GuestBuffer", "Connection", "StreamBuffer", "Msi");

    @TempDir
    Path folder;

    private MachineBuilder builder(VirtioTransport transport) throws Exception {
        Path disk = folder.resolve("disk.raw");
        Files.write(disk, new byte[1 << 20]);
        MachineBuilder builder = MachineTest.builder(FakeAccelerator.IDLE).cpus(2).virtioTransport(transport)
                .device(new DeviceSpec.Entropy()).device(new DeviceSpec.Balloon()).device(new DeviceSpec.Socket(3))
                .device(new DeviceSpec.Port("a", true)).device(new DeviceSpec.Agent()).device(DeviceSpec.Disk.of(disk.toString()))
                .device(DeviceSpec.Network.DEFAULT);
        return hasFolders() ? builder.device(new DeviceSpec.SharedFolder(folder, "folder", false)) : builder;
    }

    /** Whether this host has a way to share them. */
    private boolean hasFolders() {
        try {
            SharedFolder.open(folder).root().close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void savedAndRestoredAndSavedAgainItIsTheSame() throws Exception {
        for (VirtioTransport transport : VirtioTransport.values()) {
            byte[] saved;
            try (Machine machine = builder(transport).build()) {
                machine.start();
                machine.arriving().rehearse();
                machine.pause();
                saved = machine.saveState();
            }
            try (Machine machine = builder(transport).build()) {
                machine.arriving().rehearse();
                machine.restoreState(saved);
                assertThat(machine.state()).isEqualTo(Machine.State.PAUSED);
                assertThat(machine.saveState()).isEqualTo(saved);
                machine.resume();
                assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
            }
        }
    }

    /** By the names of the fields of every class State of the devices. */
    @Test
    void everyStateOfADeviceIsSaved() throws Exception {
        List<Set<String>> saved = new ArrayList<>();
        for (VirtioTransport transport : VirtioTransport.values()) {
            try (Machine machine = builder(transport).build()) {
                machine.start();
                machine.pause();
                collect(StateFormat.read(machine.saveState()), saved);
            }
        }
        List<Class<?>> states = states();
        assertThat(states).hasSizeGreaterThan(50);
        for (Class<?> state : states) {
            if ((hasFolders() || !state.getName().contains(".filesystem.")) && !NOT_SAVED.contains(state.getEnclosingClass().getSimpleName()) && !fields(state).isEmpty()) {
                assertThat(saved).as(state.getName()).contains(fields(state));
            }
        }
    }

    private static Set<String> fields(Class<?> state) {
        return Arrays.stream(state.getDeclaredFields())
                .filter(field -> !Modifier.isTransient(field.getModifiers()) && !Modifier.isStatic(field.getModifiers()))
                .map(Field::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void collect(Value value, List<Set<String>> into) {
        switch (value) {
            case Value.Group group -> {
                into.add(new TreeSet<>(group.fields().keySet()));
                group.fields().values().forEach(each -> collect(each, into));
            }
            case Value.Many many -> many.elements().forEach(each -> collect(each, into));
            default -> {
                // has no fields
            }
        }
    }

    private static List<Class<?>> states() throws Exception {
        Path place = Path.of(Chipset.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
            return states(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return states(jar.getPath("/"));
        }
    }

    private static List<Class<?>> states(Path root) throws Exception {
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(each -> each.toString().endsWith("$State.class")).toList()) {
                String name = root.relativize(file).toString().replaceAll("[/\\\\]", ".").replaceFirst("\\.class$", "");
                found.add(Class.forName(name));
            }
        }
        return found;
    }

    @Test
    void aMachineWithOtherDevicesEndsWithTheReason() throws Exception {
        byte[] saved;
        try (Machine machine = builder(VirtioTransport.PCI).build()) {
            machine.start();
            machine.pause();
            saved = machine.saveState();
        }
        try (Machine machine = MachineTest.builder(FakeAccelerator.IDLE).cpus(2).build()) {
            assertThatThrownBy(() -> machine.restoreState(saved)).isInstanceOf(StateException.class).hasMessageContaining("virtio");
            assertThat(machine.state()).isEqualTo(Machine.State.ENDED);
        }
        try (Machine machine = MachineTest.builder(FakeAccelerator.IDLE).build()) {
            assertThatThrownBy(() -> machine.restoreState(saved)).hasMessage("the state is not of a machine with 1 CPUs");
        }
    }

    @Test
    void onlyAMachineThatStandsStillIsSaved() throws Exception {
        try (Machine machine = builder(VirtioTransport.PCI).build()) {
            assertThatIllegalStateException().isThrownBy(machine::saveState);
            machine.start();
            assertThatIllegalStateException().isThrownBy(machine::saveState);
            assertThatIllegalStateException().isThrownBy(() -> machine.restoreState(new byte[0]));
        }
    }
}
