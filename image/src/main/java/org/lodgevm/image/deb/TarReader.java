package org.lodgevm.image.deb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.lodgevm.image.deb.TarEntry.Type;

/**
 * Reads a tar archive as a stream: POSIX (ustar and pax) and GNU, as dpkg writes and reads them. An archive can take no
 * more memory than its longest name, and no name leads out of the tree it describes.
 *
 * @posix pax, "ustar Interchange Format" and "pax Extended Header"
 */
final class TarReader {
    private static final int BLOCK = 512;
    /** Of a name or an extended header: far more than any package has. */
    private static final int LONGEST_TEXT = 1 << 20;

    private static final int NAME = 0;
    private static final int MODE = 100;
    private static final int SIZE = 124;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int LINK = 157;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;

    private static final int NAME_LENGTH = 100;
    private static final int MODE_LENGTH = 8;
    private static final int SIZE_LENGTH = 12;
    private static final int CHECKSUM_LENGTH = 8;
    private static final int PREFIX_LENGTH = 155;
    private static final int PERMISSIONS = 07777;
    /** In the first byte of a number: the rest is binary, big-endian. */
    private static final int BINARY = 0x80;

    private final InputStream in;
    private final Map<String, String> extended = new HashMap<>();
    private LimitedInputStream content = new LimitedInputStream(InputStream.nullInputStream(), 0);
    private int padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** @return the next member, or {@code null} at the end */
    TarEntry next() throws IOException {
        while (true) {
            skip(content.remaining() + padding);
            byte[] header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || isZero(header)) {
                return end(header);
            }
            checkSum(header);
            long size = extended.containsKey("size") ? decimal(extended.get("size")) : number(header, SIZE, SIZE_LENGTH);
            if (size < 0) {
                throw new MalformedPackageException("A member of the file tree has a negative size");
            }
            content = new LimitedInputStream(in, size);
            padding = (int) (-size & BLOCK - 1);
            switch (header[TYPE]) {
                case 'L' -> extended.put("path", zeroTerminated(text()));
                case 'K' -> extended.put("linkpath", zeroTerminated(text()));
                case 'x' -> readExtended(text());
                case 'g' -> text();
                default -> {
                    return entry(header, size);
                }
            }
        }
    }

    /** What the member that {@link #next} returned contains. Ends with it. */
    InputStream content() {
        return content;
    }

    private TarEntry entry(byte[] header, long size) throws IOException {
        String name = extended.getOrDefault("path", name(header));
        String target = extended.getOrDefault("linkpath", text(header, LINK, NAME_LENGTH));
        extended.clear();
        Type type = type(header[TYPE], name);
        return new TarEntry(
                inTree(name),
                type,
                (int) number(header, MODE, MODE_LENGTH) & PERMISSIONS,
                size,
                type == Type.HARD_LINK ? inTree(target) : target);
    }

    private static Type type(byte flag, String name) throws IOException {
        return switch (flag) {
            case 0, '0', '7' -> name.endsWith("/") ? Type.DIRECTORY : Type.FILE;
            case '1' -> Type.HARD_LINK;
            case '2' -> Type.SYMBOLIC_LINK;
            case '3' -> Type.CHARACTER_DEVICE;
            case '4' -> Type.BLOCK_DEVICE;
            case '5' -> Type.DIRECTORY;
            case '6' -> Type.PIPE;
            default -> throw new MalformedPackageException("The file tree has a member of the unknown type " + flag);
        };
    }

    private static String name(byte[] header) {
        String name = text(header, NAME, NAME_LENGTH);
        boolean posix = text(header, MAGIC, 8).equals("ustar"); // GNU's own magic has a space, and no prefix
        String prefix = posix ? text(header, PREFIX, PREFIX_LENGTH) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** A path within the tree, however it is written. */
    private static String inTree(String name) throws MalformedPackageException {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/")) {
            if (part.equals("..") || part.indexOf('\0') >= 0) {
                throw new MalformedPackageException("The file tree has the name \"" + name + "\", which leads out of it");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    /** Records of length, key and value: {@code 30 path=...}. */
    private void readExtended(String text) throws IOException {
        for (int at = 0; at < text.length(); ) {
            int space = text.indexOf(' ', at);
            long length = space < 0 ? 0 : decimal(text.substring(at, space));
            int equals = text.indexOf('=', at);
            boolean fits = length > 0 && length <= text.length() - at;
            int end = fits ? at + (int) length : 0;
            if (!fits || equals < space || equals >= end || text.charAt(end - 1) != '\n') {
                throw new MalformedPackageException("The file tree has a malformed extended header");
            }
            extended.put(text.substring(space + 1, equals), utf8(text.substring(equals + 1, end - 1)));
            at = end;
        }
    }

    /** The content of a member that describes the next one, as bytes in a string. */
    private String text() throws IOException {
        if (content.remaining() > LONGEST_TEXT) {
            throw new MalformedPackageException("The file tree has a name of " + content.remaining() + " bytes");
        }
        return new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private TarEntry end(byte[] header) throws IOException {
        if (header.length < BLOCK) {
            throw new MalformedPackageException("The file tree is cut off");
        }
        return null;
    }

    private void skip(long length) throws IOException {
        if (new LimitedInputStream(in, length).skip(length) < length) {
            throw new MalformedPackageException("The file tree is cut off");
        }
    }

    private static void checkSum(byte[] header) throws IOException {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean isSum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
            sum += isSum ? ' ' : header[i] & 0xff;
        }
        if (sum != number(header, CHECKSUM, CHECKSUM_LENGTH)) {
            throw new MalformedPackageException("A header in the file tree has a wrong sum");
        }
    }

    private static long number(byte[] header, int from, int length) throws IOException {
        if ((header[from] & BINARY) != 0) {
            long value = header[from] & BINARY - 1;
            for (int i = from + 1; i < from + length; i++) {
                if (value >> Long.SIZE - Byte.SIZE - 1 != 0) {
                    throw new MalformedPackageException("A number in the file tree is too large");
                }
                value = value << Byte.SIZE | header[i] & 0xff;
            }
            return value;
        }
        String octal = text(header, from, length).strip();
        try {
            return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
        } catch (NumberFormatException e) {
            throw new MalformedPackageException("The file tree has no number where one belongs", e);
        }
    }

    private static long decimal(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedPackageException("The file tree has no number where one belongs", e);
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static String zeroTerminated(String text) {
        int end = text.indexOf('\0');
        return utf8(end < 0 ? text : text.substring(0, end));
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean isZero(byte[] header) {
        return Arrays.mismatch(header, new byte[BLOCK]) < 0;
    }
}
