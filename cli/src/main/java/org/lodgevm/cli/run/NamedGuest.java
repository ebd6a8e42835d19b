package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.image.Progress;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.machine.Confinement;
import org.lodgevm.manage.MachineFile;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** What a machine's file says that runs in it. */
public final class NamedGuest {
    private final GuestOptions options;
    private final Optional<ImageRoot> root;
    private final MachineFolder machine;
    private final MachineFile file;

    private NamedGuest(GuestOptions options, Optional<ImageRoot> root, MachineFolder machine, MachineFile file) {
        this.options = options;
        this.root = root;
        this.machine = machine;
        this.file = file;
    }

    /** The file's options, as if they stood on a command line. */
    @Command
    private static final class FileOptions {
        @Mixin
        private GuestOptions guest;
    }

    /** Reads a machine's file. @throws Failure if it makes no sense */
    public static NamedGuest of(MachineFolder machine) {
        return of(machine, machine.definition());
    }

    /** The same of a machine that is to be something else, as it comes from elsewhere. */
    static NamedGuest of(MachineFolder machine, MachineFile file) {
        FileOptions options = new FileOptions();
        try {
            new CommandLine(options)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(file.arguments().toArray(String[]::new));
        } catch (ParameterException e) {
            throw new Failure(ExitStatus.NO_INPUT, "machine.json in %s is wrong: %s".formatted(machine.path(), e.getMessage()), e);
        }
        return new NamedGuest(options.guest, ImageRoot.of(machine, file), machine, file);
    }

    /** Describes the machine, after getting what its guest needs. */
    public MachineBuilder describe(MachineBuilder builder, Progress progress) throws IOException {
        return describe(builder, progress, this::present);
    }

    /** The same with disks in other places. @param places told of a disk as the options, or the image, name it */
    MachineBuilder describe(MachineBuilder builder, Progress progress, UnaryOperator<DeviceSpec.Disk> places) throws IOException {
        return options.describe(builder, root, progress).disks(places);
    }

    /** The image from which the machine was made. */
    Optional<StoredImage> image() {
        return root.map(ImageRoot::image);
    }

    /** Of a machine that was forked, or has come with its disks, a disk is not where it was when the machine was made. */
    private DeviceSpec.Disk present(DeviceSpec.Disk disk) {
        String image = machine.disk(file, disk.image());
        if (disk.image().equals(machine.rootDisk().toString()) && !Files.exists(Path.of(image))) {
            throw new Failure(ExitStatus.NO_INPUT, "the disk of machine '%s' is gone: %s".formatted(machine.name(), image));
        }
        return disk.readOnly() || image.equals(disk.image()) ? disk : disk.in(image, image.substring(image.lastIndexOf('.') + 1));
    }

    /** Confines this process to what this machine, which is not started yet, needs. @param folder the machine's own */
    void confine(Optional<Confinement> confinement, Machine machine, List<Path> places, Consumer<String> log) {
        options.confine(confinement, machine, places, log);
    }

    /** Starts the network that the guest is to have. @param say is told what the user has to know of it. @return what is to be closed after the machine, or null */
    public UserNetwork connect(MachineBuilder builder, Consumer<String> say) throws IOException {
        return options.connect(builder, root.isPresent(), say);
    }
}
