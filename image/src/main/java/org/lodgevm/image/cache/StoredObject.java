package org.lodgevm.image.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An object that was made here. That it has not rotted is found out by its CRC-32, which takes a tenth of the time of its hash.
 *
 * @param digest what it is called by
 */
public record StoredObject(Digest digest, int crc) {
    private static final int BUFFER = 256 * 1024;

    /**
     * What {@link #line} wrote.
     *
     * @return nothing if the line is damaged
     */
    public static Optional<StoredObject> parse(String line) {
        String[] words = line.split(" ");
        try {
            return Digest.parse(line)
                    .map(digest -> new StoredObject(digest, HexFormat.fromHexDigits(words[2])))
                    .filter(stored -> stored.line().equals(line)); // a number cut off is one, too
        } catch (IllegalArgumentException | IndexOutOfBoundsException damaged) {
            return Optional.empty();
        }
    }

    /** A {@link Digest}'s line, and more. */
    public String line() {
        return digest.line() + " " + HexFormat.of().toHexDigits(crc);
    }

    /** Whether it is in this file. */
    boolean isIn(Path file) throws IOException {
        return Files.size(file) == digest.size() && crc(file) == crc;
    }

    static int crc(Path file) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                crc.update(buffer, 0, length);
            }
        }
        return (int) crc.getValue();
    }
}
