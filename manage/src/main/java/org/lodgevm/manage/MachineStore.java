package org.lodgevm.manage;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lodgevm.manage.ManageException.Reason;
import org.lodgevm.manage.migration.DecisionFolder;
import org.lodgevm.vm.migration.Decisions;
import org.lodgevm.vm.migration.MigrationLink;

/** All machines of a user, each a {@link MachineFolder}. */
public final class MachineStore {
    private final Path folder;

    /** @param folder made when the first machine is */
    public MachineStore(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /**
     * The one of the user whose process this is.
     *
     * @xdg XDG Base Directory Specification 0.8
     */
    public static MachineStore ofUser() {
        return new MachineStore(dataFolder(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home"))).resolve("machines"));
    }

    static Path dataFolder(Map<String, String> environment, String system, Path home) {
        String name = system.toLowerCase(Locale.ROOT);
        Path data = name.startsWith("windows")
                ? Optional.ofNullable(environment.get("LOCALAPPDATA")).map(Path::of).orElse(home.resolve("AppData").resolve("Local"))
                : name.startsWith("mac") ? home.resolve("Library").resolve("Application Support") : home.resolve(".local").resolve("share");
        return Optional.ofNullable(environment.get("XDG_DATA_HOME")).map(Path::of).filter(Path::isAbsolute).orElse(data).resolve("lodge");
    }

    /** Where it is kept what became of migrations to this place. */
    public Decisions decisions() {
        return new DecisionFolder(decisionFolder());
    }

    public Path decisionFolder() {
        return folder.resolveSibling("migrations");
    }

    /**
     * The folder for a machine that comes from elsewhere: the one in which it was before, or a new one.
     *
     * @throws ManageException if another machine has the name
     */
    public Adoption adopt(Baggage baggage) {
        removeUnarrived();
        if (!names().contains(baggage.name())) {
            return new Adoption(create(baggage.name(), baggage.file(), Adoption::begin), baggage.file(), true);
        }
        MachineFolder known = find(baggage.name());
        if (!known.definition().uuid().equals(baggage.file().uuid())) {
            throw new ManageException(Reason.NAME, "there is another machine '%s' at the target; remove it there, or rename its folder".formatted(baggage.name()));
        }
        return new Adoption(known, baggage.file(), false);
    }

    /** Leads to the machine that memory of a migration follows. @throws IOException if there is none */
    public MigrationLink recovery(UUID migration) throws IOException {
        for (MachineFolder machine : list()) {
            if (machine.status().state().isBuilt()) {
                try {
                    return machine.control().recover(migration);
                } catch (IOException | ManageException e) {
                    // another one's
                }
            }
        }
        throw new IOException("there is no machine here that has come by migration " + migration);
    }

    /** Machines in the order of their names. */
    public List<MachineFolder> list() {
        return names().stream().map(name -> new MachineFolder(folder.resolve(name))).toList();
    }

    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(Files::isDirectory).map(path -> path.getFileName().toString()).filter(MachineName::isValid).sorted().toList();
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "the machines in %s cannot be listed: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /** @throws ManageException if there is none of this name; the message has similar ones */
    public MachineFolder find(String name) {
        List<String> names = names();
        if (names.contains(name)) {
            return new MachineFolder(folder.resolve(name));
        }
        List<String> similar = MachineName.similar(name, names);
        throw new ManageException(Reason.UNKNOWN, "there is no machine '%s'%s".formatted(
                name, similar.isEmpty() ? "; lodge ls lists them, lodge create makes one" : " (did you mean %s?)".formatted(String.join(" or ", similar))));
    }

    /** Removes what there is of machines that have not come, and that no process has any more. */
    public void removeUnarrived() {
        for (MachineFolder machine : list()) {
            try {
                Adoption.sweep(machine);
            } catch (ManageException | IOException e) {
                // it is on its way
            }
        }
    }

    /** Makes a machine. It is there as a whole or not at all. */
    public MachineFolder create(String name, MachineFile file) {
        return create(name, file, folder -> {});
    }

    private MachineFolder create(String name, MachineFile file, Consumer<Path> furnishing) {
        MachineName.check(name);
        Path fresh = folder.resolve(".new-" + UUID.randomUUID());
        try {
            PrivateFiles.createFolders(fresh);
            Json.write(fresh.resolve(MachineFolder.DEFINITION), file);
            furnishing.accept(fresh);
            Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return new MachineFolder(folder.resolve(name));
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            throw taken(name, e);
        } catch (FileSystemException e) {
            throw Files.exists(folder.resolve(name)) ? taken(name, e) : cannotMake(name, e);
        } catch (IOException e) {
            throw cannotMake(name, e);
        } finally {
            PrivateFiles.deleteTree(fresh);
        }
    }

    private static ManageException taken(String name, IOException e) {
        return new ManageException(Reason.NAME, "there is a machine '%s' already; choose another name, or remove it: lodge rm %s".formatted(name, name), e);
    }

    private ManageException cannotMake(String name, IOException e) {
        return new ManageException(Reason.HOST, "the machine '%s' cannot be made in %s: %s".formatted(name, folder, e.getMessage()), e);
    }
}
