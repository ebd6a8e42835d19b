package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.machine.Confinement;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a machine that has a name: those of any machine, and of what runs in it. */
final class GuestOptions {
    @Mixin
    private MachineOptions machine;

    @Mixin
    private ImageOptions image;

    /** The options' long names without dashes. */
    static Set<String> names() {
        return CommandSpec.forAnnotatedObject(new GuestOptions()).options().stream().map(GuestOptions::name).collect(Collectors.toSet());
    }

    static String name(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    /** Refuses what makes no sense, before anything is done for the machine. */
    void check() {
        machine.check();
    }

    /** Whether the user brings what is to be booted. */
    boolean guestIsUsers() {
        return machine.guestIsUsers();
    }

    /** The image of that name, pulled if need be. */
    StoredImage image(String name, Progress progress) {
        return image.find(name, progress);
    }

    /** Describes the machine, after getting what its guest needs. It has a port for an agent. @param root of an image, if there is one */
    MachineBuilder describe(MachineBuilder builder, Optional<ImageRoot> root, Progress progress) throws IOException {
        if (root.isPresent()) {
            if (machine.seeded()) {
                root.get().image().requireCloudInit();
            }
            root.get().describe(builder, machine.seeded());
            machine.mountVolumes(builder);
        } else if (machine.guestIsUsers()) {
            machine.describeGuest(builder);
        } else {
            List<String> drivers = new ArrayList<>(machine.drivers());
            drivers.add(machine.transportDriver());
            drivers.add("virtio_console");
            drivers.addAll(machine.backgroundDrivers());
            GuestImage guest = image.prepare(drivers, progress);
            builder.kernel(guest.kernel()).initrd(guest.initramfs()).append(guest.commandLine(true));
            machine.mountVolumes(builder);
        }
        machine.describe(builder);
        return builder.device(new DeviceSpec.Agent());
    }

    /** Confines this process to what this machine, which is not started yet, needs. @param places the machine's own */
    void confine(Optional<Confinement> confinement, Machine machine, List<Path> places, Consumer<String> log) {
        this.machine.confine(confinement, machine, places, log);
    }

    /** @param byDefault whether there is a network, if the user says nothing. @param say is told what the user has to know of it */
    UserNetwork connect(MachineBuilder builder, boolean byDefault, Consumer<String> say) throws IOException {
        return machine.connect(builder, byDefault, say);
    }
}
