package org.lodgevm.image.debian;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.cache.CacheLock;
import org.lodgevm.image.cache.Digest;
import org.lodgevm.image.fetch.Fetcher;

/** Gets files into the cache: tries again what fails, goes on where a killed process stopped, believes only hashes. */
final class Downloads {
    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int BUFFER = 64 * 1024;
    /** Of a file whose size nobody told: several times that of the largest Release file. */
    private static final int LARGEST_UNKNOWN = 16 << 20;

    private final CacheLock cache;
    private final Fetcher fetcher;
    private final Progress progress;

    Downloads(CacheLock cache, Fetcher fetcher, Progress progress) {
        this.cache = cache;
        this.fetcher = fetcher;
        this.progress = progress;
    }

    /**
     * A file that is known by its hash.
     *
     * @param places where it may be, the best first
     * @param what it is, for messages
     * @throws FileNotFoundException if it is in none of the places
     */
    Path get(List<URI> places, Digest digest, String what) throws FileNotFoundException {
        Optional<Path> cached = cache.cache().object(digest);
        if (cached.isPresent()) {
            return cached.get();
        }
        FileNotFoundException absent = new FileNotFoundException(what);
        for (URI place : places) {
            try {
                return download(place, digest, what);
            } catch (FileNotFoundException e) {
                absent = e;
            }
        }
        throw absent;
    }

    /**
     * A small file of which nothing is known yet.
     *
     * @throws FileNotFoundException if there is none
     */
    byte[] read(URI place, String what) throws FileNotFoundException {
        return persistently(place, what, () -> {
            progress.advance(what, 0, Progress.UNKNOWN);
            try (Fetcher.Content content = fetcher.open(place, 0)) {
                byte[] bytes = content.body().readNBytes(LARGEST_UNKNOWN);
                progress.advance(what, bytes.length, bytes.length);
                return bytes;
            }
        });
    }

    private Path download(URI place, Digest digest, String what) throws FileNotFoundException {
        for (int attempt = 0; attempt < 2; attempt++) {
            persistently(place, what, () -> {
                transfer(place, digest, what);
                return null;
            });
            Optional<Path> object = cache.adopt(digest);
            if (object.isPresent()) {
                return object.get();
            }
            // What was there before may have been another file's beginning: once more from the start.
        }
        throw isAnother(place, what, "SHA-256");
    }

    /** Adds what is missing to the partial file. */
    private void transfer(URI place, Digest digest, String what) throws IOException {
        long have = cache.begun(digest);
        if (have >= digest.size()) {
            return; // adopted or discarded by the hash
        }
        try (Fetcher.Content content = fetcher.open(place, have)) {
            if (content.size() != Fetcher.Content.UNKNOWN && content.size() != digest.size()) {
                cache.discard(digest);
                throw isAnother(place, what, "size");
            }
            try (OutputStream out = cache.download(digest, content.start())) {
                copy(content.body(), out, content.start(), digest.size(), what);
            }
        }
    }

    private void copy(InputStream in, OutputStream out, long start, long size, String what) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long done = start;
        while (done < size) {
            progress.advance(what, done, size);
            int length = in.read(buffer, 0, (int) Math.min(buffer.length, size - done));
            if (length < 0) {
                throw new EOFException("it ends after " + done + " of " + size + " bytes");
            }
            out.write(buffer, 0, length);
            done += length;
        }
        progress.advance(what, size, size);
    }

    private static ImageException isAnother(URI place, String what, String difference) {
        return new ImageException("What " + place + " delivers as " + what + " is not what its archive has signed: the "
                + difference + " differs. The mirror is damaged or changing: try again later, or name another one with"
                + " --mirror URL");
    }

    private interface Attempt<T> {
        T make() throws IOException;
    }

    private <T> T persistently(URI place, String what, Attempt<T> attempt) throws FileNotFoundException {
        for (int number = 1; ; number++) {
            try {
                return attempt.make();
            } catch (FileNotFoundException e) {
                throw e;
            } catch (IOException e) {
                if (number == ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    throw new ImageException("Cannot download " + what + " from " + place + ": " + reason(e)
                            + ". Check the network and its proxy (http_proxy), or name another archive with --mirror URL", e);
                }
                pause(PAUSE.multipliedBy(1L << number));
            }
        }
    }

    /** Network exceptions often have no message; what they are tells more. */
    private static String reason(IOException e) {
        List<Throwable> causes =
                Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause).toList();
        if (causes.stream().anyMatch(UnresolvedAddressException.class::isInstance)) {
            return "its name is unknown here";
        }
        if (causes.stream().anyMatch(HttpTimeoutException.class::isInstance)) {
            return "the server does not answer";
        }
        if (causes.stream().anyMatch(ConnectException.class::isInstance)) {
            return "the server cannot be reached";
        }
        if (causes.stream().anyMatch(cause -> "closed".equals(cause.getMessage()))) {
            return "the server closed the connection";
        }
        return causes.stream()
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
