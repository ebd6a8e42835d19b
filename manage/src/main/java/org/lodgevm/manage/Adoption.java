package org.lodgevm.manage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A machine's folder that was made, or taken again, for one that comes from elsewhere. Until it is here, a file beside {@code machine.json} says what there is of it, so that anybody
 * can remove that when the process is gone, which, being confined, cannot remove its own folder. What the machine was that had been here before stays until then.
 */
public final class Adoption {
    private static final String FILE = "arriving";
    private static final int LETTERS = 8;

    /**
     * What there is.
     *
     * @param fresh whether the folder was made for the machine
     * @param disks files in the folder
     */
    record Unfinished(boolean fresh, List<String> disks) {}

    private final MachineFolder folder;
    private final MachineFile coming;
    private final boolean fresh;
    /** Disks' new files by the names under which the machine's own knows them. */
    private final Map<String, String> disks = new LinkedHashMap<>();
    /** What the machine was that had been here, from when this one has taken its place; or null. */
    private MachineFile before;

    Adoption(MachineFolder folder, MachineFile coming, boolean fresh) {
        this.folder = folder;
        this.coming = coming;
        this.fresh = fresh;
    }

    /** Of a folder that is new, and nobody else's yet. */
    static void begin(Path folder) {
        Json.write(folder.resolve(FILE), new Unfinished(true, List.of()));
    }

    public MachineFolder folder() {
        return folder;
    }

    /** What the machine will be. */
    public MachineFile coming() {
        return coming;
    }

    /** A file for a disk that comes along. @param disk as {@link #coming} has it, or its image @param format also its name's ending */
    public Path newDisk(String disk, String format) {
        String name = "moved-%s.%s".formatted(UUID.randomUUID().toString().substring(0, LETTERS), format);
        disks.put(folder.inside(disk), name);
        note();
        return folder.path().resolve(name);
    }

    /** The folder's lock is this process's. */
    private void note() {
        Json.write(folder.path().resolve(FILE), new Unfinished(fresh, List.copyOf(disks.values())));
    }

    /** All of the machine is here: on return that would survive a loss of power. */
    public void keep() throws IOException {
        before = folder.definition();
        MachineFile arrived = coming.with(disks);
        if (!arrived.equals(before)) {
            folder.replaceDefinition(arrived); // which the guest waits for
        }
        Files.deleteIfExists(folder.path().resolve(FILE));
    }

    /** The machine does not come after all. */
    public void undo() {
        if (before != null) {
            note();
            folder.replaceDefinition(before);
        }
    }

    /** Removes what there is of a machine that has not come. @throws ManageException if it is on its way */
    static void sweep(MachineFolder folder) throws IOException {
        Optional<Unfinished> left = Json.read(folder.path().resolve(FILE), Unfinished.class);
        if (left.isPresent() && left.get().fresh()) {
            folder.remove();
        } else if (left.isPresent()) {
            try (RunLock _ = folder.lock()) {
                for (String disk : left.get().disks()) {
                    Files.deleteIfExists(folder.path().resolve(Path.of(disk).getFileName()));
                }
                Files.delete(folder.path().resolve(FILE));
            }
        }
    }
}
