package org.lodgevm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.lodgevm.cli.run.NamedGuest;
import org.lodgevm.cli.run.SuperviseCommand;
import org.lodgevm.image.Progress;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineState;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.migration.MigrationLink;
import org.lodgevm.vm.migration.MigrationTarget;

/**
 * The {@link Rehearsal} of machines by name: what a machine's process does, and what those do that speak with it, all in this one process. Instead of a process
 * of a copy's own, which would be recorded nowhere, a program is started that does nothing; then the copy is one more in here.
 */
record NamedRehearsal(Lodge lodge, Path bios) {
    private static final String MACHINE = "rehearsal";
    private static final String COPY = "copy";
    private static final String MOVED = "moved";
    private static final String LAUNCHER = "lodge.launcher";
    private static final long DISK_BYTES = 1 << 20;
    private static final long PATIENCE_MILLIS = 60_000;
    private static final long PAUSE_MILLIS = 20;

    void play() throws IOException, InterruptedException {
        lodge.execute("create", MACHINE, "--bios", bios.toString());
        lodge.execute("ls");
        Thread original = supervise(MACHINE);
        MachineFolder folder = awaitRunning(MACHINE);
        for (String command : new String[] {"inspect", "pause", "resume"}) {
            lodge.execute(command, MACHINE);
        }
        lodge.execute("snapshot", "create", MACHINE, "one");
        lodge.execute("snapshot", "list", MACHINE);
        String launcher = System.setProperty(LAUNCHER, "true");
        try {
            lodge.execute("fork", MACHINE, COPY);
        } finally {
            System.setProperty(LAUNCHER, launcher);
        }
        lodge.execute("create", COPY, "--bios", bios.toString());
        Path description = folder.path().resolve("fork");
        folder.control().ask("share", description);
        Thread copy = supervise(COPY, SuperviseCommand.FORK, description.toString());
        awaitRunning(COPY);
        Files.delete(description);
        end(COPY, copy);
        end(MACHINE, original);
        Path snapshot = folder.snapshots().find("one");
        Thread restored = supervise(MACHINE, SuperviseCommand.RESTORE, snapshot.toString());
        awaitRunning(MACHINE);
        end(MACHINE, restored);
        lodge.execute("rm", MACHINE);
        lodge.execute("rm", COPY);
        move();
    }

    /** With a disk, and to here: what a guest stands still for is a hundred classes, most of which nobody has needed before. */
    private void move() throws IOException, InterruptedException {
        Path disk = Files.createTempFile("lodge-rehearsal", ".qcow2");
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.delete(disk);
            Images.create(disk.toString(), "qcow2", DISK_BYTES, CreateOptions.none(), ReferencePolicy.REFUSE);
            lodge.execute("create", MOVED, "--bios", bios.toString(), "--disk", disk.toString());
            Thread process = supervise(MOVED);
            MachineFolder folder = awaitRunning(MOVED);
            Thread receiver = Thread.ofPlatform().daemon().start(() -> receive(target, folder));
            lodge.execute("migrate", MOVED, "tcp://localhost:" + target.getLocalPort());
            receiver.join(PATIENCE_MILLIS);
            process.join(PATIENCE_MILLIS);
            lodge.execute("rm", "--force", MOVED);
        } finally {
            Files.deleteIfExists(disk);
        }
    }

    /** What a process does to which a machine comes, but for the machine's folder: that is where it comes from, too. */
    private static void receive(ServerSocket target, MachineFolder folder) {
        MachineBuilder builder = Machine.builder().name(MOVED).uuid(folder.definition().uuid()).incoming();
        try (MigrationLink link = MigrationLink.of(target.accept(), Duration.ofMillis(PATIENCE_MILLIS))) {
            NamedGuest guest = NamedGuest.of(folder);
            guest.describe(builder, Progress.SILENT);
            try (UserNetwork _ = guest.connect(builder, line -> {});
                    Machine machine = builder.build()) {
                new MigrationTarget(link, MachineStore.ofUser().decisions()).run(_ -> machine.arriving());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Thread supervise(String name, String... options) {
        String[] command = new String[options.length + 2];
        command[0] = "supervise";
        System.arraycopy(options, 0, command, 1, options.length);
        command[command.length - 1] = name;
        return Thread.ofPlatform().daemon().start(() -> lodge.execute(command));
    }

    private static MachineFolder awaitRunning(String name) throws IOException, InterruptedException {
        MachineFolder folder = MachineStore.ofUser().find(name);
        for (long waited = 0; folder.status().state() != MachineState.RUNNING; waited += PAUSE_MILLIS) {
            if (waited > PATIENCE_MILLIS) {
                throw new IllegalStateException("machine '%s' did not start; its log is in %s".formatted(name, folder.path()));
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return folder;
    }

    private void end(String name, Thread process) throws InterruptedException {
        lodge.execute("stop", "--force", name);
        process.join(PATIENCE_MILLIS);
    }
}
