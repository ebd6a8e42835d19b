package org.lodgevm.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.machine.ProgramPages;

/**
 * The pages of the Java runtime's files and of its ahead-of-time caches, which stay mapped as long as this process lives. Those of which this process has
 * copies, because it has written there, are left alone.
 */
public final class RuntimePages implements ProgramPages {
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final Path RUNTIME = Path.of(System.getProperty("java.home"));
    private static final String CACHE = ".aot";
    private static final int MADV_DONTNEED = 4;

    /** A mapping's first line: addresses, rights, offset, device, inode, path. @man proc_pid_maps(5) */
    private static final Pattern MAPPING = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) (\\S{4}) \\S+ \\S+ \\d+ +(.*)");

    private static final Pattern COPIES = Pattern.compile("Anonymous: +(\\d+) kB");

    /** @param path empty for memory that is no file's */
    record Mapping(long address, long size, boolean writable, String path) {}

    @Override
    public void release() {
        try {
            for (Mapping mapping : releasable(Files.readAllLines(MAPPINGS))) {
                LibC.trySystemCall(SystemCall.MADVISE, mapping.address, mapping.size, MADV_DONTNEED);
            }
        } catch (IOException e) {
            // then they stay
        }
    }

    /** @param smaps what the kernel tells of a process's mappings */
    static List<Mapping> releasable(List<String> smaps) {
        List<Mapping> found = new ArrayList<>();
        Mapping current = null;
        for (String line : smaps) {
            Matcher mapping = MAPPING.matcher(line);
            Matcher copies = COPIES.matcher(line);
            if (mapping.matches()) {
                long start = Long.parseUnsignedLong(mapping.group(1), 16);
                long end = Long.parseUnsignedLong(mapping.group(2), 16);
                current = new Mapping(start, end - start, mapping.group(3).charAt(1) == 'w', mapping.group(4));
            } else if (copies.matches() && current != null && !current.writable && Integer.parseInt(copies.group(1)) == 0
                    && isProgram(current.path)) {
                found.add(current);
            }
        }
        return found;
    }

    private static boolean isProgram(String path) {
        return path.endsWith(CACHE) || Path.of(path).startsWith(RUNTIME);
    }
}
