package org.lodgevm.image;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the machine says about itself, in one place so that a test can say something else.
 *
 * @param root where its file system starts: {@code /etc/apt} is looked for below
 * @param environment its variables
 * @param system the operating system's name, as Java has it
 * @param home the user's home folder
 * @param clock the time of day
 */
public record Host(Path root, Map<String, String> environment, String system, Path home, InstantSource clock) {

    public static Host current() {
        Path home = Path.of(System.getProperty("user.home"));
        return new Host(
                home.getRoot() == null ? Path.of("/") : home.getRoot(),
                System.getenv(),
                System.getProperty("os.name"),
                home,
                InstantSource.system());
    }

    /** An absolute path of this machine: {@code /etc/apt/sources.list}. */
    public Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** A variable that is set and not empty. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * Where this user's cached files belong.
     *
     * @xdg XDG Base Directory Specification 0.8
     */
    public Path cacheFolder() {
        String name = system.toLowerCase(Locale.ROOT);
        Path caches;
        if (name.startsWith("windows")) {
            caches = variable("LOCALAPPDATA").map(Path::of).orElse(home.resolve("AppData").resolve("Local"));
        } else if (name.startsWith("mac")) {
            caches = home.resolve("Library").resolve("Caches");
        } else {
            caches = home.resolve(".cache");
        }
        return variable("XDG_CACHE_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(caches)
                .resolve("lodge");
    }
}
