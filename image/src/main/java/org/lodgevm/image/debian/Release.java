package org.lodgevm.image.debian;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lodgevm.image.apt.MalformedStanzaException;
import org.lodgevm.image.apt.Stanza;
import org.lodgevm.image.apt.StanzaReader;
import org.lodgevm.image.cache.Digest;

/**
 * What a suite consists of, as its {@code Release} file says.
 *
 * @param names those it goes by: its suite and its code name
 * @param validUntil when it should have been replaced by a newer one
 * @param byHash whether its files can be had by their hashes, also while the archive changes
 * @param priority of its packages: lower where only who asks for the suite should get them
 * @param files by their paths in the suite's folder
 * @debian Debian repository format, "Release" files (wiki.debian.org/DebianRepository/Format)
 */
record Release(
        Set<String> names,
        Instant date,
        Optional<Instant> validUntil,
        boolean byHash,
        int priority,
        Map<String, Digest> files) {
    /** apt's priorities for packages of archives that say nothing, and those that say {@code NotAutomatic}. */
    static final int AUTOMATIC = 500;
    static final int UPGRADES_ONLY = 100;
    static final int NOT_AUTOMATIC = 1;

    private static final String YES = "yes";

    /** @throws IllegalArgumentException if it is malformed */
    static Release parse(byte[] content) {
        List<Stanza> stanzas;
        try {
            stanzas = StanzaReader.readAll(new String(content, StandardCharsets.UTF_8));
        } catch (MalformedStanzaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (stanzas.isEmpty()) {
            throw new IllegalArgumentException("it is empty");
        }
        Stanza stanza = stanzas.getFirst();
        return new Release(
                Set.copyOf(List.of(stanza.text("Suite"), stanza.text("Codename"))),
                date(stanza, "Date").orElse(Instant.EPOCH),
                date(stanza, "Valid-Until"),
                stanza.text("Acquire-By-Hash").equals(YES),
                priority(stanza),
                files(stanza.text("SHA256")));
    }

    /** The smallest form in which a file can be had: as itself or compressed. */
    Optional<String> smallest(String path) {
        List<String> forms = new ArrayList<>();
        for (String suffix : List.of(".xz", ".gz", "")) {
            if (files.containsKey(path + suffix)) {
                forms.add(path + suffix);
            }
        }
        return forms.stream().findFirst();
    }

    private static int priority(Stanza stanza) {
        if (!stanza.text("NotAutomatic").equals(YES)) {
            return AUTOMATIC;
        }
        return stanza.text("ButAutomaticUpgrades").equals(YES) ? UPGRADES_ONLY : NOT_AUTOMATIC;
    }

    private static Optional<Instant> date(Stanza stanza, String field) {
        try {
            return stanza.field(field)
                    .map(text -> text.replace("UTC", "GMT"))
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the field " + field + " is no date: " + stanza.text(field), e);
        }
    }

    /** Lines of hash, size and path. */
    private static Map<String, Digest> files(String field) {
        Map<String, Digest> files = new LinkedHashMap<>();
        for (String line : field.strip().split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words.length == 3) {
                files.put(words[2], new Digest(words[0], Long.parseLong(words[1])));
            }
        }
        return files;
    }
}
