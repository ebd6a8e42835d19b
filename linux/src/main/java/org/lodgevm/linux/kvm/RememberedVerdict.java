package org.lodgevm.linux.kvm;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * What came of {@link Probe}'s trial, in a file of the user's cache: a trial takes up to a second, and comes to the same until the host is started
 * anew, its module for KVM is loaded anew, or Lodge is another one. The file's first line names these; the second is the verdict.
 *
 * @param circumstances under which the verdict holds
 */
record RememberedVerdict(Path file, String circumstances) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String WORKS = "works";

    /**
     * The one of the user whose process this is.
     *
     * @xdg XDG Base Directory Specification 0.8
     */
    static RememberedVerdict ofUser() {
        Path cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).map(Path::of).filter(Path::isAbsolute)
                .orElse(Path.of(System.getProperty("user.home"), ".cache"));
        return new RememberedVerdict(cache.resolve("lodge").resolve("kvm-probe"), now());
    }

    /** Empty when that cannot be told, and then nothing is remembered. */
    private static String now() {
        try {
            Path device = Path.of(Kvm.DEVICE);
            Path program = Path.of(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            CRC32 guest = new CRC32();
            guest.update(ProbeGuest.image());
            return "%s %s %s %s %x".formatted(Files.readString(BOOT).strip(), Files.getAttribute(device, "unix:ctime"), program,
                    Files.getLastModifiedTime(program), guest.getValue());
        } catch (IOException | URISyntaxException | RuntimeException e) {
            return "";
        }
    }

    /** The verdict that is remembered, or the one of a trial now. Null when KVM works. */
    String orElse(Supplier<String> trial) {
        String remembered = read();
        if (remembered != null) {
            return remembered.equals(WORKS) ? null : remembered;
        }
        String verdict = trial.get();
        write(verdict == null ? WORKS : verdict);
        return verdict;
    }

    private String read() {
        try {
            var lines = Files.readAllLines(file);
            return lines.size() == 2 && lines.getFirst().equals(circumstances) && !circumstances.isEmpty() ? lines.getLast() : null;
        } catch (IOException | RuntimeException e) {
            return null; // there is none, or it is damaged
        }
    }

    private void write(String verdict) {
        if (circumstances.isEmpty()) {
            return;
        }
        Path fresh = file.resolveSibling("%s.%s".formatted(file.getFileName(), UUID.randomUUID()));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(fresh, circumstances + "\n" + verdict + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteQuietly(fresh); // the next run asks again
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // a cache has what others leave in it
        }
    }
}
