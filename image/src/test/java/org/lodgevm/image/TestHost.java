package org.lodgevm.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Machines that have what a test puts on them, below a folder. */
public final class TestHost {
    private TestHost() {}

    /** A machine with an empty file system, no environment and the right time. */
    public static Host in(Path root) {
        return new Host(root, Map.of(), "Linux", root.resolve("home"), InstantSource.system());
    }

    public static Host with(Host host, Map<String, String> environment) {
        return new Host(host.root(), environment, host.system(), host.home(), host.clock());
    }

    public static Host at(Host host, InstantSource clock) {
        return new Host(host.root(), host.environment(), host.system(), host.home(), clock);
    }

    /** Puts a file on the machine. */
    public static Path write(Host host, String path, String content) {
        try {
            Path file = host.file(path);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
