package org.lodgevm.image.debian;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.apt.AptConfiguration;
import org.lodgevm.image.apt.Source;
import org.lodgevm.image.cache.Digest;
import org.lodgevm.image.deb.Compression;
import org.lodgevm.image.pgp.BadSignatureException;
import org.lodgevm.image.pgp.Keyring;
import org.lodgevm.image.pgp.SignedText;

/**
 * One suite of an archive, believed because of who signed it.
 *
 * @debian apt-secure(8)
 */
final class Repository {
    /** How far a clock may be behind the archive's. */
    private static final Duration TOLERANCE = Duration.ofHours(1);

    private final Source source;
    private final Release release;
    private final Downloads downloads;

    private Repository(Source source, Release release, Downloads downloads) {
        this.source = source;
        this.release = release;
        this.downloads = downloads;
    }

    /**
     * Fetches what the suite says about itself, and checks it.
     *
     * @throws ImageException if it cannot be had or must not be believed
     */
    static Repository open(
            Source source, Keyring keys, AptConfiguration apt, Instant now, Downloads downloads, Progress progress) {
        Release release;
        try {
            release = Release.parse(source.options().trusted() ? unsigned(source, downloads)
                    : signed(source, downloads).verify(keys, now));
        } catch (FileNotFoundException e) {
            throw new ImageException("The archive " + source.archive() + " has no suite " + source.suite() + " ("
                    + e.getMessage() + "). " + source.remedy(), e);
        } catch (BadSignatureException e) {
            throw new ImageException("The suite " + source + " is not to be trusted: " + e.getMessage()
                    + ". Name another archive with --mirror URL or, if only the archive's key is missing here, install it", e);
        } catch (IllegalArgumentException e) {
            throw new ImageException("The suite " + source + " has a malformed Release file: " + e.getMessage()
                    + ". Name another archive with --mirror URL", e);
        }
        checkDates(source, release, apt, now);
        if (!source.isFlat() && !release.names().contains(source.suite())) {
            progress.note("The archive calls " + source + " by other names: " + String.join(", ", release.names()));
        }
        return new Repository(source, release, downloads);
    }

    /** Adds the packages of an architecture to an index. */
    void readPackages(String architecture, PackageIndex index) {
        if (!source.serves(architecture)) {
            return;
        }
        if (source.isFlat()) {
            readPackages("Packages", architecture, index);
        }
        for (String component : source.components()) {
            readPackages(component + "/binary-" + architecture + "/Packages", architecture, index);
        }
    }

    private void readPackages(String path, String architecture, PackageIndex index) {
        release.smallest(path).ifPresent(form -> {
            Digest digest = release.files().get(form);
            try {
                Path file = downloads.get(
                        places(form, digest), digest, source.suite() + " packages (" + architecture + ")");
                try (InputStream in = Compression.of(form).unpack(new BufferedInputStream(Files.newInputStream(file)))) {
                    index.read(in, source.archive(), release.priority());
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new ImageException("Cannot read " + form + " of the suite " + source + ": " + e.getMessage()
                        + ". Try again later, or name another archive with --mirror URL", e);
            }
        });
    }

    private List<URI> places(String path, Digest digest) {
        List<URI> places = new ArrayList<>();
        URI place = source.suiteFolder().resolve(path);
        if (release.byHash()) {
            places.add(place.resolve("by-hash/SHA256/" + digest.sha256()));
        }
        places.add(place);
        return places;
    }

    private static SignedText signed(Source source, Downloads downloads)
            throws FileNotFoundException, BadSignatureException {
        URI folder = source.suiteFolder();
        try {
            return SignedText.clear(downloads.read(folder.resolve("InRelease"), source.suite()));
        } catch (FileNotFoundException older) {
            byte[] release = downloads.read(folder.resolve("Release"), source.suite());
            return SignedText.detached(release, signature(folder.resolve("Release.gpg"), source, downloads));
        }
    }

    private static byte[] signature(URI place, Source source, Downloads downloads) throws BadSignatureException {
        try {
            return downloads.read(place, source.suite());
        } catch (FileNotFoundException e) {
            throw new BadSignatureException("it is not signed (" + e.getMessage() + ")");
        }
    }

    private static byte[] unsigned(Source source, Downloads downloads)
            throws FileNotFoundException, BadSignatureException {
        URI folder = source.suiteFolder();
        try {
            return downloads.read(folder.resolve("Release"), source.suite());
        } catch (FileNotFoundException onlySigned) {
            return SignedText.clear(downloads.read(folder.resolve("InRelease"), source.suite())).unverified();
        }
    }

    private static void checkDates(Source source, Release release, AptConfiguration apt, Instant now) {
        if (apt.isOn("Acquire::Check-Date", true) && release.date().isAfter(now.plus(TOLERANCE))) {
            throw new ImageException("The suite " + source + " was made at " + release.date() + ", but the clock here says "
                    + now + ". Set the clock");
        }
        boolean checked = source.options().checkValidUntil().orElse(apt.isOn("Acquire::Check-Valid-Until", true));
        release.validUntil().filter(until -> checked && until.isBefore(now)).ifPresent(until -> {
            throw new ImageException("The suite " + source + " was valid until " + until + ", and the clock here says " + now
                    + ". Set the clock if it is wrong; else the mirror is out of date: name another one with --mirror URL, or"
                    + " switch Acquire::Check-Valid-Until off in apt's configuration");
        });
    }
}
