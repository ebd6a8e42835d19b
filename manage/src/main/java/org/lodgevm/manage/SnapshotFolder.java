package org.lodgevm.manage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.manage.ManageException.Reason;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotFile;

/** A machine's snapshots, by their tags: files in a folder of its own. */
public final class SnapshotFolder {
    private static final String SUFFIX = ".snapshot";

    private final MachineFolder machine;
    private final Path folder;

    SnapshotFolder(MachineFolder machine) {
        this.machine = machine;
        this.folder = machine.path().resolve("snapshots");
    }

    /** From the first made to the last; those that are damaged have a place, too. */
    public List<String> tags() {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .filter(MachineName::isValid)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "the snapshots in %s cannot be listed: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /** Where a new one goes. @throws ManageException if there is one of this tag */
    public Path add(String tag) {
        Path file = file(tag);
        if (Files.exists(file)) {
            throw new ManageException(Reason.NAME, "machine '%s' has a snapshot '%s' already; choose another tag, or delete it: lodge snapshot delete %s %s".formatted(
                    machine.name(), tag, machine.name(), tag));
        }
        try {
            PrivateFiles.createFolders(folder);
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "%s cannot be made: %s".formatted(folder, e.getMessage()), e);
        }
        return file;
    }

    /** @throws ManageException if there is none */
    public Path find(String tag) {
        Path file = file(tag);
        if (!Files.exists(file)) {
            throw new ManageException(Reason.UNKNOWN, "machine '%s' has no snapshot '%s'; lodge snapshot list %s".formatted(machine.name(), tag, machine.name()));
        }
        return file;
    }

    /** @throws ManageException if there is none, or it is damaged */
    public SnapshotFile open(String tag) {
        try {
            return SnapshotFile.open(find(tag));
        } catch (SnapshotException e) {
            throw new ManageException(Reason.UNKNOWN, e.getMessage(), e);
        }
    }

    private Path file(String tag) {
        if (!MachineName.isValid(tag)) {
            throw new ManageException(Reason.NAME, "'%s' is no name for a snapshot; use up to 63 letters, digits, '-', '_' and '.'".formatted(tag));
        }
        return folder.resolve(tag + SUFFIX);
    }
}
