package org.lodgevm.image.deb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Packages made for a test, by the formats' descriptions and not by the readers' code. */
public final class DebBuilder {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream tree = new ByteArrayOutputStream();

    public DebBuilder directory(String path) {
        return member(path, '5', "", new byte[0]);
    }

    public DebBuilder file(String path, byte[] content) {
        return member(path, '0', "", content);
    }

    public DebBuilder file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public DebBuilder symbolicLink(String path, String target) {
        return member(path, '2', target, new byte[0]);
    }

    public DebBuilder hardLink(String path, String target) {
        return member(path, '1', target, new byte[0]);
    }

    /** Any member: what is not among the above, or is malformed. */
    public DebBuilder member(String path, char type, String target, byte[] content) {
        byte[] header = new byte[BLOCK];
        put(header, 0, path);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(content.length));
        put(header, 136, "00000000000\0");
        header[156] = (byte) type;
        put(header, 157, target);
        put(header, 257, "ustar\00000");
        return raw(seal(header), content);
    }

    /** A header and its content as they are. */
    DebBuilder raw(byte[] header, byte[] content) {
        tree.writeBytes(header);
        tree.writeBytes(content);
        tree.writeBytes(new byte[-content.length & BLOCK - 1]);
        return this;
    }

    /** Puts the right sum into a header. */
    static byte[] seal(byte[] header) {
        put(header, 148, "        ");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    byte[] tree() {
        ByteArrayOutputStream ended = new ByteArrayOutputStream();
        ended.writeBytes(tree.toByteArray());
        ended.writeBytes(new byte[2 * BLOCK]);
        return ended.toByteArray();
    }

    /** The package, with its tree compressed the way the suffix says. */
    public byte[] build(String suffix) {
        ByteArrayOutputStream deb = new ByteArrayOutputStream();
        deb.writeBytes("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
        part(deb, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
        part(deb, "control.tar" + suffix, compress(new DebBuilder().file("./control", "Package: x\n").tree(), suffix));
        part(deb, "data.tar" + suffix, compress(tree(), suffix));
        return deb.toByteArray();
    }

    static void part(ByteArrayOutputStream deb, String name, byte[] content) {
        String header = "%-16s%-12s%-6s%-6s%-8s%-10d`\n".formatted(name, "0", "0", "0", "100644", content.length);
        deb.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        deb.writeBytes(content);
        if (content.length % 2 == 1) {
            deb.write('\n');
        }
    }

    public static byte[] compress(byte[] content, String suffix) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                switch (suffix) {
                    case ".xz" -> new XZOutputStream(bytes, new LZMA2Options(1));
                    case ".gz" -> new GZIPOutputStream(bytes);
                    default -> bytes;
                }) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
