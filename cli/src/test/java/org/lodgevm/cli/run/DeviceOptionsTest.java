package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine;

class DeviceOptionsTest {
    private static List<DeviceSpec> devices(String... arguments) {
        DeviceOptions options = new DeviceOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("devices", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        MachineBuilder machine = Machine.builder().kernel(Path.of("kernel"));
        options.describe(machine);
        return machine.spec().devices();
    }

    @Test
    void thereAreRandomNumbersAndABalloonUnlessTheyAreNotWanted() {
        assertThat(devices()).containsExactly(new DeviceSpec.Entropy(), new DeviceSpec.Balloon());
        assertThat(devices("--no-rng")).containsExactly(new DeviceSpec.Balloon());
        assertThat(devices("--no-balloon")).containsExactly(new DeviceSpec.Entropy());
    }

    @Test
    void filesAreDisksOrMemory() {
        assertThat(devices("--no-rng", "--no-balloon", "--pmem", "m,ro", "--disk", "d")).containsExactly(
                DeviceSpec.Disk.of("d"), new DeviceSpec.PersistentMemory(Path.of("m"), 0, true));
    }

    @Test
    void aChannelHasANameAndAPath() {
        assertThat(devices("--no-rng", "--no-balloon", "--channel", "org.example.0=/tmp/a=b")).containsExactly(
                new DeviceSpec.Port("org.example.0", false, Path.of("/tmp/a=b")));
        assertThatThrownBy(() -> devices("--channel", "name")).isInstanceOf(CommandLine.ParameterException.class).hasMessageContaining("NAME=PATH");
        assertThatThrownBy(() -> devices("--channel", "=path")).isInstanceOf(CommandLine.ParameterException.class).hasMessageContaining("NAME=PATH");
    }
}
