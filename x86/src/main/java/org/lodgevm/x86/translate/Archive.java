package org.lodgevm.x86.translate;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.lodgevm.machine.TranslationFile;
import org.lodgevm.x86.isa.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translations kept for all CPUs of a machine: those that they make, and those of an earlier run, or a file to put theirs into for later ones.
 * A file that cannot be read or written costs time and no more.
 */
public final class Archive implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    /** Keeps nothing. */
    public static final Archive NONE = new Archive(null, null, null);

    private final ArchiveFile file;
    private final Recording recording;
    private final Destination destination;

    private Archive(ArchiveFile file, Recording recording, Destination destination) {
        this.file = file;
        this.recording = recording;
        this.destination = destination;
    }

    /** Where a recording goes, open from the beginning: later this process may be confined. */
    private record Destination(Path path, FileChannel channel, long fingerprint) {}

    /**
     * @param kept a file to be used or made, or null for none
     * @param shown what the guest may execute
     */
    public static Archive of(TranslationFile kept, Predicate<Feature> shown) {
        if (kept == null) {
            return new Archive(null, new Recording(), null);
        }
        long fingerprint = fingerprint(shown);
        try {
            return kept.record() ? recording(kept.path(), fingerprint)
                    : new Archive(ArchiveFile.open(kept.path(), fingerprint), new Recording(), null);
        } catch (IOException e) {
            LOG.warn("{} is of no use, so everything is translated anew: {}", kept.path(), e.toString());
            return new Archive(null, new Recording(), null);
        }
    }

    /** Another run may have the file mapped that was there before: it keeps that. */
    private static Archive recording(Path path, long fingerprint) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new FileSystemException(path.toString(), null, "not a file that could be replaced");
        }
        Files.deleteIfExists(path);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        return new Archive(null, new Recording(), new Destination(path, channel, fingerprint));
    }

    /** What identifies those who can use each other's: for the parameters see {@link #of}. */
    public static String id(Predicate<Feature> shown) {
        return HexFormat.of().toHexDigits(fingerprint(shown));
    }

    /** Of all that code depends on beside the guest's: this program, the host's processor, the guest's. */
    private static long fingerprint(Predicate<Feature> shown) {
        Set<Feature> guest = EnumSet.allOf(Feature.class);
        guest.removeIf(shown.negate());
        CRC32 crc = new CRC32();
        crc.update((implementation() + guest + X86BackEnd.features()).getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /** What tells this program from others: where it is, how long, and when it was made. */
    private static String implementation() {
        URI place = URI.create(Archive.class.getProtectionDomain().getCodeSource().getLocation().toString());
        try {
            Path file = Path.of(place);
            return place + " " + Files.size(file) + " " + (Files.isDirectory(file) ? newest(file) : Files.getLastModifiedTime(file));
        } catch (IOException | RuntimeException e) {
            return place + " " + System.nanoTime(); // nobody's
        }
    }

    /** Of classes that are not packed. */
    private static FileTime newest(Path folder) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                FileTime time = Files.getLastModifiedTime(file);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
        }
        return newest;
    }

    /** What an earlier run has made, or null. */
    ArchiveFile file() {
        return file;
    }

    /** Whether translations are to be kept for other runs. */
    public boolean records() {
        return destination != null;
    }

    /** What the machine's CPUs have made, or null. */
    Recording recording() {
        return recording;
    }

    /** Nothing is likely to be looked for soon: what the file holds takes no memory of this process meanwhile. */
    public void rest() {
        if (file != null) {
            file.rest();
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
        if (destination != null) {
            try (FileChannel channel = destination.channel()) {
                recording.write(channel, destination.fingerprint());
            } catch (IOException e) {
                LOG.warn("{} cannot be written, so the next run has to translate again: {}", destination.path(), e.toString());
            }
        }
        if (recording != null) {
            recording.close();
        }
    }
}
