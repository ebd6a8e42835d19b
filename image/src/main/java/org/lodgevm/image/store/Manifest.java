package org.lodgevm.image.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lodgevm.image.apt.MalformedStanzaException;
import org.lodgevm.image.apt.Stanza;
import org.lodgevm.image.apt.StanzaReader;

/**
 * What an image is.
 *
 * @param name by which it is asked for: {@code debian:12}
 * @param created when
 * @param kernel its package and version
 * @param source where its packages are from
 * @param base the image whose disk is below its own
 * @param packages those it consists of, each with its version
 */
public record Manifest(String name, Instant created, String kernel, String source, Optional<String> base, List<String> packages) {
    public Manifest {
        packages = List.copyOf(packages);
    }

    /** @throws IOException if there is none, or it is damaged */
    static Manifest read(Path file) throws IOException {
        try {
            Stanza stanza = StanzaReader.readAll(Files.readString(file)).getFirst();
            return new Manifest(
                    stanza.text("Name"),
                    Instant.parse(stanza.text("Created")),
                    stanza.text("Kernel"),
                    stanza.text("Source"),
                    stanza.field("Base"),
                    stanza.text("Packages").lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
        } catch (MalformedStanzaException | DateTimeException | IndexOutOfBoundsException e) {
            throw new IOException("the manifest " + file + " is damaged", e);
        }
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of("Name: " + name, "Created: " + created, "Kernel: " + kernel, "Source: " + source));
        base.ifPresent(id -> lines.add("Base: " + id));
        lines.add("Packages:");
        packages.forEach(each -> lines.add(" " + each));
        Files.write(file, lines);
    }
}
