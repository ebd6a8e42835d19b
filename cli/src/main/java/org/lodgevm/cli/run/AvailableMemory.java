package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process can still have of the host's memory, and of that of its control groups. Linux tells; elsewhere nothing is refused. */
final class AvailableMemory {
    private static final Pattern FREE = Pattern.compile("(?m)^(?:MemAvailable|SwapFree):\\s+(\\d+) kB$");
    private static final Pattern GROUP = Pattern.compile("(?m)^0::(/.*)$");
    /** Content of files that the host can do without, which a group counts as its own. */
    private static final Pattern CACHED = Pattern.compile("(?m)^inactive_file (\\d+)$");
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final Path root;

    /** @param root of the host's file system */
    AvailableMemory(Path root) {
        this.root = root;
    }

    /** @throws IOException if a machine that comes here has more than there is */
    void require(String machine, long bytes) throws IOException {
        long left = Math.min(ofHost(), ofGroups());
        if (bytes > left) {
            throw new IOException(("machine '%s' has %,d MiB of memory, of which the target has %,d left; make room there, "
                    + "or let it take machines that may not fit: lodge serve-migration --overcommit").formatted(machine, bytes / MIB, left / MIB));
        }
    }

    private long ofHost() throws IOException {
        Path file = root.resolve("proc/meminfo");
        if (!Files.isReadable(file)) {
            return Long.MAX_VALUE;
        }
        return FREE.matcher(Files.readString(file)).results().mapToLong(line -> Long.parseLong(line.group(1)) * KIB).sum();
    }

    private long ofGroups() throws IOException {
        Matcher group = GROUP.matcher(text(root.resolve("proc/self/cgroup")));
        long left = Long.MAX_VALUE;
        for (Path path = group.find() ? Path.of(group.group(1)) : null; path != null; path = path.getParent()) {
            Path folder = root.resolve("sys/fs/cgroup").resolve(Path.of("/").relativize(path));
            left = Math.min(left, leftOf(folder));
        }
        return left;
    }

    private static long leftOf(Path group) throws IOException {
        String most = text(group.resolve("memory.max"));
        if (most.isEmpty() || most.equals("max")) {
            return Long.MAX_VALUE;
        }
        long cached = CACHED.matcher(text(group.resolve("memory.stat"))).results().mapToLong(line -> Long.parseLong(line.group(1))).sum();
        return Long.parseLong(most) - Long.parseLong(text(group.resolve("memory.current"))) + cached;
    }

    /** Empty if nothing is told. */
    private static String text(Path file) throws IOException {
        return Files.isReadable(file) ? Files.readString(file).strip() : "";
    }
}
