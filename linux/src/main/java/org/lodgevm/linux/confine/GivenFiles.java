package org.lodgevm.linux.confine;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;

/** The files that a confined process keeps, beside those that it asks for: its program's, a few of the system's, and what it has open. */
final class GivenFiles {
    /** Libraries, and what the C library's resolver reads. */
    private static final List<String> SYSTEM = List.of(
            "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/hosts",
            "/etc/resolv.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols", "/etc/localtime", "/usr/share/zoneinfo",
            "/dev/urandom", "/dev/random", "/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup", "/sys/kernel/mm");

    /** Where resolv.conf is written anew by renaming a file, in folders of nothing else. */
    private static final List<String> RESOLVERS = List.of("/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf", "/run/nscd");

    /** Of the kernel's own file system. */
    private static final List<String> KERNEL = List.of(
            "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/sys/vm", "/proc/sys/net/core", "/proc/sys/kernel");

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int F_GETFL = 3;
    private static final int READ_ONLY = 0;
    private static final int ACCESS_MODE = 3;

    private GivenFiles() {}

    static void addTo(Landlock rules) {
        addProgram(rules);
        SYSTEM.forEach(path -> rules.read(Path.of(path)));
        RESOLVERS.forEach(path -> rules.read(Path.of(path)));
        rules.change(Path.of("/dev/null"));
        KERNEL.forEach(path -> rules.readForever(Path.of(path)));
        addOpen(rules);
    }

    /** The Java runtime, and modules and classes, of which some are read when they are first needed. */
    private static void addProgram(Landlock rules) {
        rules.read(Path.of(System.getProperty("java.home")));
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            Stream.of(System.getProperty(property, "").split(File.pathSeparator)).filter(entry -> !entry.isEmpty()).forEach(entry -> rules.read(Path.of(entry)));
        }
    }

    private static void addOpen(Landlock rules) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path file : open) {
                if (!hasName(file)) {
                    continue;
                }
                int mode = accessMode(file);
                if (mode == READ_ONLY) {
                    rules.read(file);
                } else if (mode > READ_ONLY) {
                    rules.change(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the open files of this process cannot be listed", e);
        }
    }

    /** Whether it is a file or device in some folder: no pipe, socket or memory, and no folder. */
    private static boolean hasName(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).isAbsolute() && Files.exists(descriptor) && !Files.isDirectory(descriptor);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** Less than 0 if it has been closed meanwhile. */
    private static int accessMode(Path descriptor) {
        long flags = LibC.trySystemCall(SystemCall.FCNTL, Integer.parseInt(descriptor.getFileName().toString()), F_GETFL);
        return flags < 0 ? -1 : (int) flags & ACCESS_MODE;
    }
}
