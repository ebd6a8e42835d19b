package org.lodgevm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lodgevm.cli.run.SuperviseCommand;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineState;
import org.lodgevm.manage.MachineStore;

/**
 * The {@link Rehearsal} of machines by name: what a machine's process does, and what those do that speak with it, all in this one process. Instead of a process
 * of a copy's own, which would be recorded nowhere, a program is started that does nothing; then the copy is one more in here.
 */
record NamedRehearsal(Lodge lodge, Path bios) {
    private static final String MACHINE = "rehearsal";
    private static final String COPY = "copy";
    private static final String LAUNCHER = "lodge.launcher";
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
