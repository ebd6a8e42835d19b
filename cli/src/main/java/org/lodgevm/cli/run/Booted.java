package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.image.session.RunPlan;
import org.lodgevm.image.store.RunDisk;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineBuilder;

/**
 * What a session's machine boots: Lodge's own small Linux, or an image's system.
 *
 * @param shell what runs when the user names no command
 * @param disk of an image's system, for this run only
 * @param translations of the kernel, from an earlier run
 */
record Booted(Path kernel, Path initramfs, String commandLine, List<String> shell, Optional<RunDisk> disk, Optional<Path> translations) implements AutoCloseable {
    private static final List<String> LOGIN = List.of("/bin/bash", "-l");

    static Booted own(GuestImage guest, Optional<Path> translations, boolean verbose) {
        return new Booted(guest.kernel(), guest.initramfs(), guest.commandLine(verbose), List.of(), Optional.empty(), translations);
    }

    /**
     * @param disk an overlay of the image's
     * @param seeded whether cloud-init finds out from another disk what it is to do
     */
    static Booted image(StoredImage image, RunDisk disk, boolean verbose, boolean seeded) {
        return new Booted(image.kernel(), image.initramfs(), image.commandLine(verbose, seeded), LOGIN, Optional.of(disk), Optional.empty());
    }

    /**
     * Has to be the first to add a disk.
     *
     * @param network whether there is one, for which an image's session is to wait
     */
    void describe(MachineBuilder machine, RunPlan plan, boolean network) throws IOException {
        machine.kernel(kernel).initrd(plan.initrd(initramfs)).append(commandLine);
        translations.ifPresent(machine::translations);
        if (network && disk.isPresent()) {
            machine.append("systemd.wants=network-online.target");
        }
        disk.ifPresent(root -> machine.device(overlay(root.file())));
    }

    /** It is deleted in the end: nothing that the guest writes needs to be on the host's disk. */
    private static DeviceSpec.Disk overlay(Path file) {
        return new DeviceSpec.Disk(file.toString(), StoredImage.FORMAT, false, "root", DeviceSpec.Disk.HostFull.PAUSE, DeviceSpec.Disk.Cache.UNSAFE);
    }

    /** Files that this run makes and deletes. */
    List<Path> writable() {
        return disk.map(RunDisk::folder).stream().toList();
    }

    /** Whether there is more to end than the command: services, a file system. */
    boolean shutsDown() {
        return disk.isPresent();
    }

    @Override
    public void close() {
        disk.ifPresent(RunDisk::close);
    }
}
