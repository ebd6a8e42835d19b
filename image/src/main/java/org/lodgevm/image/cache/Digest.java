package org.lodgevm.image.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What identifies a content.
 *
 * @param sha256 its SHA-256, in 64 lower-case hexadecimal digits
 * @param size in bytes
 */
public record Digest(String sha256, long size) {
    private static final int BUFFER = 256 * 1024;

    public Digest {
        if (!sha256.matches("[0-9a-f]{64}") || size < 0) {
            throw new IllegalArgumentException("No SHA-256 and size: " + sha256 + " " + size);
        }
    }

    public static Digest of(Path file) throws IOException {
        MessageDigest hash = algorithm();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                hash.update(buffer, 0, length);
                size += length;
            }
        }
        return new Digest(HexFormat.of().formatHex(hash.digest()), size);
    }

    public static Digest of(byte[] content) {
        return new Digest(HexFormat.of().formatHex(algorithm().digest(content)), content.length);
    }

    /**
     * What {@link #line} wrote.
     *
     * @return nothing if the line is damaged
     */
    public static Optional<Digest> parse(String line) {
        String[] words = line.split(" ");
        try {
            return Optional.of(new Digest(words[0], Long.parseLong(words[1])));
        } catch (IllegalArgumentException | IndexOutOfBoundsException damaged) {
            return Optional.empty();
        }
    }

    /** Both as a line of a record. */
    public String line() {
        return sha256 + " " + size;
    }

    private static MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible); // every Java has it
        }
    }
}
