package org.lodgevm.image.cache;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.lodgevm.image.CacheException;

/**
 * The user's cache: files named by the hash of what they hold, and records that say which files belong together.
 *
 * <p>A file or a record is there whole or not at all: it is written beside its place, forced to the disk and renamed.
 * An object is read whenever it is asked for, so that one that rotted is fetched or made anew. Readers need no
 * lock; writers hold {@link #lock}.
 */
public final class Cache {
    /** How operating systems tell that a disk, or a user's share of it, is full. */
    private static final Pattern NO_SPACE = Pattern.compile("space|quota", Pattern.CASE_INSENSITIVE);
    private static final long LITTLE_SPACE = 1 << 20;

    private final Path folder;
    private final Path objects;
    private final Path records;
    private final Path partial;

    public Cache(Path folder) {
        this.folder = folder;
        this.objects = folder.resolve("objects");
        this.records = folder.resolve("records");
        this.partial = folder.resolve("partial");
    }

    public Path folder() {
        return folder;
    }

    /** @return the file with this hash, if there is one and it still has it */
    public Optional<Path> object(Digest digest) {
        return object(digest, file -> Files.size(file) == digest.size() && Digest.of(file).equals(digest));
    }

    /** @return the file that was stored, if it is there and as it was */
    public Optional<Path> object(StoredObject stored) {
        return object(stored.digest(), stored::isIn);
    }

    /** Whether a file is what it should be. */
    private interface Check {
        boolean passes(Path file) throws IOException;
    }

    private Optional<Path> object(Digest digest, Check check) {
        Path file = objects.resolve(digest.sha256());
        try {
            if (!check.passes(file)) {
                return Optional.empty();
            }
            touch(file);
            return Optional.of(file);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    /** The lines kept under a name, if any. */
    public Optional<List<String>> record(String name) {
        Path file = records.resolve(name);
        try {
            return Optional.of(Files.readAllLines(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    /**
     * The right to write. One process, and one thread of it, has it at a time.
     *
     * @param whenWaiting is run if another one has it
     */
    public CacheLock lock(Runnable whenWaiting) {
        for (Path needed : List.of(objects, records, partial)) {
            try {
                Files.createDirectories(needed);
            } catch (IOException e) {
                throw cannotWrite(needed, e);
            }
        }
        return CacheLock.acquire(this, folder.resolve("lock"), whenWaiting);
    }

    private static CacheException cannotRead(Path file, IOException cause) {
        return new CacheException(
                "Cannot read " + file + ": " + reason(cause)
                        + ". Delete it or make it readable, or name another folder in XDG_CACHE_HOME",
                cause);
    }

    /** The error of a write that failed, in words that tell the user what to do. */
    CacheException cannotWrite(Path file, IOException cause) {
        String advice = isFull(file, cause) ? "Free some space on the disk" : "Make the folder writable";
        return new CacheException(
                "Cannot write " + file + ": " + reason(cause) + ". " + advice
                        + ", or name another folder in XDG_CACHE_HOME",
                cause);
    }

    /** Where a download with this hash grows. What a killed process left there is worth keeping. */
    Path partial(Digest digest) {
        return partial.resolve(digest.sha256());
    }

    /** A name that nobody else writes to. What a killed process left of such is worth nothing. */
    Path temporary() {
        return partial.resolve(UUID.randomUUID() + CacheSweep.TEMPORARY);
    }

    Path objects() {
        return objects;
    }

    Path records() {
        return records;
    }

    Path partials() {
        return partial;
    }

    /** The time of a file is that of its last use; not to be able to tell costs only a download some day. */
    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException readOnly) {
            // A cache that is read only is used all the same.
        }
    }

    /** A file system's exception has the file's name for its message, which is known already. */
    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> cause.getMessage();
        };
    }

    private static boolean isFull(Path file, IOException cause) {
        if (NO_SPACE.matcher(String.valueOf(cause.getMessage())).find()) {
            return true;
        }
        try {
            return Files.getFileStore(existing(file)).getUsableSpace() < LITTLE_SPACE;
        } catch (IOException unknown) {
            return false;
        }
    }

    private static Path existing(Path file) {
        Path path = file.toAbsolutePath();
        while (path.getParent() != null && !Files.exists(path)) {
            path = path.getParent();
        }
        return path;
    }
}
