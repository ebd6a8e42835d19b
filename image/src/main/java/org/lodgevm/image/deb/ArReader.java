package org.lodgevm.image.deb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads an ar archive, the outer shell of a package, as a stream.
 *
 * @debian deb(5)
 */
final class ArReader {
    private static final String MAGIC = "!<arch>\n";
    private static final int HEADER = 60;
    private static final int NAME_LENGTH = 16;
    private static final int SIZE = 48;
    private static final int SIZE_LENGTH = 10;
    private static final String HEADER_END = "`\n";

    private final InputStream in;
    private LimitedInputStream content = new LimitedInputStream(InputStream.nullInputStream(), 0);
    private long padding;

    ArReader(InputStream in) throws IOException {
        this.in = in;
        if (!text(in.readNBytes(MAGIC.length())).equals(MAGIC)) {
            throw new MalformedPackageException("It is no Debian package");
        }
    }

    /** @return the next member's name, or {@code null} at the end */
    String next() throws IOException {
        content.skip(content.remaining());
        in.skipNBytes(padding);
        String header = text(in.readNBytes(HEADER));
        if (header.isEmpty()) {
            return null;
        }
        String size = header.length() < HEADER ? "" : header.substring(SIZE, SIZE + SIZE_LENGTH).strip();
        if (!header.endsWith(HEADER_END) || !size.matches("[0-9]+")) {
            throw new MalformedPackageException("It has no member where one belongs");
        }
        long length = Long.parseLong(size);
        content = new LimitedInputStream(in, length);
        padding = length & 1;
        return header.substring(0, NAME_LENGTH).strip().replaceFirst("/$", "");
    }

    /** What the member that {@link #next} returned contains. */
    InputStream content() {
        return content;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
