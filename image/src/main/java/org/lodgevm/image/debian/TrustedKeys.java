package org.lodgevm.image.debian;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.apt.Source;
import org.lodgevm.image.pgp.Keyring;

/**
 * Whose signatures count for an archive: those of the keys its source names, else of all that the machine trusts,
 * and of Debian's, of which a copy is carried along for machines that do not have them.
 */
final class TrustedKeys {
    private static final String CARRIED = "debian-archive-keyring.asc";
    private static final String SYSTEM = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private static final List<String> APT = List.of("/etc/apt/trusted.gpg", "/etc/apt/trusted.gpg.d");

    private final Host host;
    private Keyring all;

    TrustedKeys(Host host) {
        this.host = host;
    }

    Keyring of(Source source) {
        return source.options().signedBy().map(text -> named(text, source)).orElseGet(this::all);
    }

    /** @param text the keys themselves, or files and fingerprints */
    private Keyring named(String text, Source source) {
        if (Keyring.isArmoured(text)) {
            try {
                return Keyring.ofField(text);
            } catch (IOException e) {
                throw unusable("the keys in Signed-By at " + source.origin(), e);
            }
        }
        Keyring keys = Keyring.empty();
        List<String> fingerprints = new ArrayList<>();
        for (String word : text.strip().split("[\\s,]+")) {
            if (word.startsWith("/")) {
                keys = keys.and(read(host.file(word)));
            } else {
                fingerprints.add(word.replaceFirst("!$", ""));
            }
        }
        return fingerprints.isEmpty() ? keys : keys.and(all().only(fingerprints));
    }

    private Keyring all() {
        if (all == null) {
            Path system = host.file(SYSTEM);
            Keyring keys = Files.isRegularFile(system) ? read(system) : carried();
            for (String place : APT) {
                for (Path file : keyFiles(host.file(place))) {
                    keys = keys.and(read(file));
                }
            }
            all = keys;
        }
        return all;
    }

    private static List<Path> keyFiles(Path place) {
        if (Files.isRegularFile(place)) {
            return List.of(place);
        }
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.toString().endsWith(".gpg") || file.toString().endsWith(".asc"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unusable("the keyrings in " + place, e);
        }
    }

    private static Keyring read(Path file) {
        try {
            return Keyring.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw unusable("the keyring " + file, e);
        }
    }

    private static Keyring carried() {
        try (InputStream in = TrustedKeys.class.getResourceAsStream(CARRIED)) {
            return Keyring.of(in.readAllBytes());
        } catch (IOException e) {
            throw unusable("the keyring carried along", e);
        }
    }

    private static ImageException unusable(String what, IOException cause) {
        return new ImageException(
                "Cannot read " + what + ": " + cause.getMessage() + ". Correct the source, or name an archive with"
                        + " --mirror URL",
                cause);
    }
}
