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
        Path file = root.resolve("proc/self/cgroup");
        Matcher group = GROUP.matcher(Files.isReadable(file) ? Files.readString(file) : "");
        long left = Long.MAX_VALUE;
        for (Path path = group.find() ? Path.of(group.group(1)) : null; path != null; path = path.getParent()) {
            Path folder = root.resolve("sys/fs/cgroup").resolve(Path.of("/").relativize(path));
            left = Math.min(left, leftOf(folder));
        }
        return left;
    }

    private static long leftOf(Path group) throws IOException {
        Path limit = group.resolve("memory.max");
        String most = Files.isReadable(limit) ? Files.readString(limit).strip() : "max";
        return most.equals("max") ? Long.MAX_VALUE : Long.parseLong(most) - Long.parseLong(Files.readString(group.resolve("memory.current")).strip());
    }
}
