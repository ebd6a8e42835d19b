package org.lodgevm.linux.confine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.machine.Confinement.Resources;

/**
 * A control group of a machine's own, beside or below the one that its process is in, wherever the user may make one: under systemd that is so in
 * a user's session and in units with delegated groups. Only version 2 of control groups will do. Source: Linux's
 * Documentation/admin-guide/cgroup-v2.rst.
 *
 * <p>A group cannot be removed from within, so that each start removes what machines before have left empty.
 */
final class ControlGroup {
    private static final String PREFIX = "lodge-";
    private static final String UNIFIED = "0::";
    /** Of a mount, in {@code mountinfo}: what follows the separator. */
    private static final String TYPE = " - cgroup2 ";

    private static final int ROOT_FIELD = 3;
    private static final int MOUNT_POINT_FIELD = 4;
    private static final List<String> CONTROLLERS = List.of("memory", "cpu", "pids");

    /** In microseconds: the kernel's own choice. */
    private static final int PERIOD = 100_000;

    private static final int PERCENT = 100;
    /** Threads are tasks. A machine has some dozens, and no processes. */
    private static final int TASKS = 1024;

    private static final String WAY_OUT = "; start it by systemd-run --user --scope -p MemoryMax=... -p CPUQuota=... instead";

    /** Where the host's files are: {@code /}, but for tests. */
    private final Path root;

    ControlGroup(Path root) {
        this.root = root;
    }

    static ControlGroup ofHost() {
        return new ControlGroup(Path.of("/"));
    }

    /** Null where this process may make itself a group with limits, else one sentence that says why not. */
    String unavailable() {
        try {
            Path own = own();
            if (own == null) {
                return "version 2 of control groups is not mounted" + WAY_OUT;
            }
            return place(own) != null ? null : "this user may not make a control group with limits beside %s%s".formatted(own, WAY_OUT);
        } catch (IOException e) {
            return "control groups cannot be looked at (%s)%s".formatted(e, WAY_OUT);
        }
    }

    /** Null where none is mounted. */
    private Path own() throws IOException {
        String path;
        try (Stream<String> groups = Files.lines(root.resolve("proc/self/cgroup"))) {
            path = groups.filter(line -> line.startsWith(UNIFIED)).findFirst().map(line -> line.substring(UNIFIED.length())).orElse(null);
        }
        try (Stream<String> mounts = Files.lines(root.resolve("proc/self/mountinfo"))) {
            return path == null ? null : mounts.filter(line -> line.contains(TYPE)).findFirst().map(line -> below(line.split(" "), path)).orElse(null);
        }
    }

    private Path below(String[] mount, String path) {
        Path shown = Path.of(mount[ROOT_FIELD]);
        Path group = Path.of(path);
        Path within = group.startsWith(shown) ? shown.relativize(group) : Path.of("");
        return root.resolve(Path.of(mount[MOUNT_POINT_FIELD].substring(1))).resolve(within).normalize();
    }

    /** The group in which one can be made whose limits count, or null. */
    private static Path place(Path own) throws IOException {
        for (Path candidate : List.of(own.getParent(), own)) {
            Path control = candidate.resolve("cgroup.subtree_control");
            if (Files.isWritable(candidate) && Files.isWritable(candidate.resolve("cgroup.procs")) && Files.exists(control)
                    && List.of(Files.readString(control).strip().split(" ")).containsAll(CONTROLLERS)) {
                return candidate;
            }
        }
        return null;
    }

    /** Puts this process into a group of its own. @throws IllegalStateException with one sentence, if that cannot be */
    void enter(Resources limits, long process) {
        String why = unavailable();
        if (why != null) {
            throw new IllegalStateException(why);
        }
        try {
            Path place = place(own());
            removeEmpty(place);
            Path group = place.resolve(PREFIX + process);
            Files.createDirectories(group);
            for (String[] setting : settings(limits)) {
                Files.writeString(group.resolve(setting[0]), setting[1]);
            }
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(process));
        } catch (IOException e) {
            throw new IllegalStateException("a control group cannot be set up (%s)%s".formatted(e, WAY_OUT), e);
        }
    }

    private static List<String[]> settings(Resources limits) {
        List<String[]> settings = new ArrayList<>();
        settings.add(new String[] {"pids.max", Integer.toString(TASKS)});
        if (limits.memory() != Resources.UNLIMITED) {
            settings.add(new String[] {"memory.max", Long.toString(limits.memory())});
        }
        if (limits.cpuPercent() != Resources.UNLIMITED) {
            settings.add(new String[] {"cpu.max", "%d %d".formatted(limits.cpuPercent() * PERIOD / PERCENT, PERIOD)});
        }
        return settings;
    }

    private static void removeEmpty(Path place) throws IOException {
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(place, PREFIX + "*")) {
            for (Path group : groups) {
                removeIfEmpty(group);
            }
        }
    }

    private static void removeIfEmpty(Path group) {
        try {
            if (Files.readString(group.resolve("cgroup.events")).contains("populated 0")) {
                Files.delete(group);
            }
        } catch (IOException e) {
            // somebody else was faster, or it is in use again
        }
    }
}
