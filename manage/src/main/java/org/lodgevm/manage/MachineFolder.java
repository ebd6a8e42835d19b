package org.lodgevm.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.lodgevm.manage.ManageException.Reason;
import org.lodgevm.manage.control.ControlClient;
import org.lodgevm.manage.control.Home;
import org.lodgevm.vm.ForkedDisk;

/** One machine's folder. The files in it are told of in this package's description. */
public final class MachineFolder implements Home {
    static final String DEFINITION = "machine.json";
    private static final String LOCK = "lock";
    private static final String ROOT_DISK = "disk.qcow2";
    /** Disks' files in this folder. */
    private static final String DISKS = "{disk,fork-*,moved-*}.{qcow2,raw}";

    /** A socket's path has so many bytes at most, on any system. */
    private static final int LONGEST_SOCKET_PATH = 100;

    private static final int SOCKET_NAME_BYTES = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** At which it is looked for a lock. */
    private static final Duration STEP = Duration.ofMillis(2);

    private final Path folder;

    MachineFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return folder.getFileName().toString();
    }

    @Override
    public Path path() {
        return folder;
    }

    /** What the machine is. @throws ManageException if the file is wrong, with the line */
    public MachineFile definition() {
        return Json.read(folder.resolve(DEFINITION), MachineFile.class).orElseThrow(() -> new ManageException(
                Reason.UNKNOWN, "the machine '%s' has no %s any more; remove what is left of it: lodge rm %s".formatted(name(), folder.resolve(DEFINITION), name())));
    }

    /** Durably. */
    void replaceDefinition(MachineFile file) {
        Json.writeDurably(folder.resolve(DEFINITION), file);
    }

    /** As {@link #unpack} reads it. */
    @Override
    public byte[] pack() {
        return Json.bytes(new Baggage(name(), definition()));
    }

    /** The disk of a machine that was made from an image. */
    public Path rootDisk() {
        return folder.resolve(ROOT_DISK);
    }

    /** Removes disks' files that the machine has no use for, as its disks have come along. */
    public void removeOldDisks() {
        Set<String> used = Set.copyOf(definition().overlays().values());
        try (DirectoryStream<Path> disks = Files.newDirectoryStream(folder, DISKS)) {
            for (Path disk : disks) {
                if (!used.contains(disk.getFileName().toString())) {
                    Files.delete(disk);
                }
            }
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "old disks of machine '%s' cannot be removed from %s: %s".formatted(name(), folder, e), e);
        }
    }

    /** Where the content of a disk is that the options, or the image, name. */
    public String disk(MachineFile definition, String image) {
        String overlay = definition.overlays().get(inside(image));
        return overlay == null ? image : folder.resolve(overlay).toString();
    }

    /** Files in this folder by their names, so that the folder can be moved. */
    String inside(String image) {
        return image.startsWith(folder + File.separator) ? image.substring(folder.toString().length() + 1) : image;
    }

    @Override
    public void moveDisk(String from, String to) {
        replaceDefinition(definition().move(inside(from), inside(to)));
    }

    /**
     * Makes this folder, which is new, that of a copy of a machine. Files of disks that the other has in its folder get a second name in this one, so that
     * each of both machines can be removed.
     */
    public void copy(MachineFolder original, List<ForkedDisk> disks) {
        try (RunLock _ = lock()) {
            MachineFile file = original.definition();
            Map<String, String> overlays = new LinkedHashMap<>();
            for (ForkedDisk disk : disks) {
                for (String each : disk.files()) {
                    Path link = folder.resolve(original.inside(each));
                    if (!original.inside(each).equals(each) && !Files.exists(link)) {
                        Files.createLink(link, Path.of(each));
                    }
                }
                String frozen = folder.resolve(original.inside(disk.frozen())).toString(); // of an absolute path, itself
                overlays.put(file.diskOf(original.inside(disk.overlay().image())), inside(disk.over(frozen, folder).image()));
            }
            replaceDefinition(file.copy(original.name(), overlays));
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "the disks of machine '%s' cannot be linked to %s: %s".formatted(original.name(), folder, e), e);
        }
    }

    /** Disks that were given to the machine, and whose content goes on in this folder since it was forked or has come here. */
    public Map<String, String> forkedDisks() {
        MachineFile file = definition();
        Map<String, String> given = new LinkedHashMap<>();
        if (file.copyOf() == null) {
            file.overlays().forEach((disk, overlay) -> {
                if (!Files.exists(folder.resolve(disk)) && !(file.image() != null && disk.equals(ROOT_DISK)) || Path.of(disk).isAbsolute()) {
                    given.put(disk, folder.resolve(overlay).toString());
                }
            });
        }
        return given;
    }

    /** @throws ManageException if that is no machine's */
    public static Baggage unpack(byte[] packed) {
        return Json.read(packed, "what came with the machine", Baggage.class);
    }

    public Path consoleLog() {
        return folder.resolve("console.log");
    }

    /** What Lodge says about the machine. */
    public Path lodgeLog() {
        return folder.resolve("lodge.log");
    }

    public SnapshotFolder snapshots() {
        return new SnapshotFolder(this);
    }

    private Path runningFile() {
        return folder.resolve("running.json");
    }

    private Path endedFile() {
        return folder.resolve("ended.json");
    }

    /** The process that runs the machine, or ran it and was killed. */
    public Optional<RunRecord> run() {
        return Json.read(runningFile(), RunRecord.class);
    }

    /** How the last run ended that came to an orderly end. */
    public Optional<EndRecord> end() {
        return Json.read(endedFile(), EndRecord.class);
    }

    /** Asks the machine's process, if there is one. */
    public Status status() {
        Optional<RunRecord> run = run();
        if (run.isEmpty()) {
            return new Status(end().isPresent() ? MachineState.STOPPED : MachineState.CREATED, null);
        }
        if (!run.get().isAlive()) {
            return new Status(MachineState.CRASHED, null);
        }
        try {
            JsonNode report = new ControlClient(Path.of(run.get().socket())).ask("status", PATIENCE);
            return new Status(state(report.path("state").asText()), report);
        } catch (IOException e) {
            if (!run.get().isAlive()) {
                return status();
            }
            return new Status(isFree() ? MachineState.CRASHED : MachineState.HUNG, null); // a process that was killed is there until somebody waits for it
        }
    }

    private static MachineState state(String name) {
        for (MachineState state : MachineState.values()) {
            if (state.toString().equals(name)) {
                return state;
            }
        }
        return MachineState.HUNG;
    }

    /**
     * A machine's state now.
     *
     * @param report what its process says of it, or null
     */
    public record Status(MachineState state, JsonNode report) {}

    /** Speaks with the machine's process. @throws ManageException if there is none, with what to do */
    public ControlClient control() {
        RunRecord run = run().orElseThrow(() -> new ManageException(Reason.STATE, "machine '%s' does not run; start it: lodge start %s".formatted(name(), name())));
        if (!run.isAlive()) {
            throw new ManageException(Reason.STATE, "machine '%s' does not run, its process %d was killed; start it: lodge start %s".formatted(name(), run.pid(), name()));
        }
        return new ControlClient(Path.of(run.socket()));
    }

    // ---- the machine's own process ----------------------------------------------------------------------------------

    /** Claims the machine for this process. @throws ManageException if another one has it */
    public RunLock lock() {
        return RunLock.tryAcquire(folder.resolve(LOCK)).orElseThrow(() -> new ManageException(
                Reason.STATE, "machine '%s' runs already%s; stop it: lodge stop %s".formatted(
                        name(), run().map(run -> " (process %d)".formatted(run.pid())).orElse(""), name())));
    }

    /**
     * Waits until no process has the machine any more. That one has ended is no measure: it does so after it has let go, and where nobody waits
     * for orphans, as in many containers, the system keeps it for ever.
     *
     * @return whether that came in time
     */
    public boolean awaitRelease(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean free = isFree();
        while (!free && System.nanoTime() < deadline) {
            Thread.sleep(STEP);
            free = isFree();
        }
        return free;
    }

    private boolean isFree() {
        Optional<RunLock> lock = RunLock.tryAcquire(folder.resolve(LOCK));
        lock.ifPresent(RunLock::close);
        return lock.isPresent();
    }

    /** Says that this process, which has the lock, runs the machine. @return where it is to listen */
    public Path begin() throws IOException {
        Path socket = socket();
        Json.write(runningFile(), RunRecord.ofThisProcess(socket.toString()));
        return socket;
    }

    /** Says that the run has come to its end. */
    public void end(EndRecord how) throws IOException {
        Json.write(endedFile(), how);
        Files.deleteIfExists(runningFile());
    }

    private Path socket() throws IOException {
        Path near = folder.resolve("control.sock");
        if (near.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH) {
            return near;
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Path other = runtime != null && !runtime.isEmpty()
                ? Path.of(runtime, "lodge")
                : Path.of(System.getProperty("java.io.tmpdir"), "lodge-" + System.getProperty("user.name"));
        PrivateFiles.createFolders(other);
        if (!PrivateFiles.isPrivate(other) || !Files.getOwner(other).equals(Files.getOwner(folder))) {
            throw new ManageException(Reason.HOST, "%s is open to others, or another's; remove it, or set XDG_RUNTIME_DIR to a folder of your own".formatted(other));
        }
        return other.resolve(digest(folder.toString()) + ".sock");
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, SOCKET_NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Removes the machine with all its files. @throws ManageException while it runs */
    public void remove() {
        Path doomed = folder.resolveSibling(".rm-" + UUID.randomUUID());
        try (RunLock _ = lock()) {
            Files.move(folder, doomed); // from now on it is gone for everybody else
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "machine '%s' cannot be removed from %s: %s".formatted(name(), folder, e.getMessage()), e);
        }
        PrivateFiles.deleteTree(doomed);
    }
}
