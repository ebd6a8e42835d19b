package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads an archive that a guest made: member by member, and no more memory than its longest name. */
final class TarReader {
    private static final int LONGEST_TEXT = 1 << 16;

    private final InputStream in;
    private long left;
    private long padding;

    /**
     * A member.
     *
     * @param path as the archive has it
     * @param seconds its last change, since 1970
     */
    record Member(String path, byte kind, int mode, long seconds, String target) {}

    TarReader(InputStream in) {
        this.in = in;
    }

    /** @return the next member, or null at the end */
    Member next() throws IOException {
        String path = null;
        String target = null;
        while (true) {
            copyTo(OutputStream.nullOutputStream());
            in.skipNBytes(padding);
            padding = 0;
            byte[] block = in.readNBytes(TarHeader.SIZE);
            TarHeader header = new TarHeader(block);
            if (block.length == 0 || ends(header)) {
                return null;
            }
            left = header.number(TarHeader.LENGTH);
            padding = -left & TarHeader.SIZE - 1;
            switch (header.kind()) {
                case TarHeader.LONG_NAME -> path = longText();
                case TarHeader.LONG_TARGET -> target = longText();
                default -> {
                    return member(header, path, target);
                }
            }
        }
    }

    private boolean ends(TarHeader header) throws IOException {
        try {
            if (header.isZero()) {
                return true;
            }
            if (header.isIntact() && header.number(TarHeader.LENGTH) >= 0) {
                return false;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // none of a header's fields is free of meaning
        }
        throw new GuestException("the guest's tar sends what is no archive");
    }

    private static Member member(TarHeader header, String longPath, String longTarget) {
        String prefix = header.isPosix() ? text(header.text(TarHeader.PREFIX)) : "";
        String name = text(header.text(TarHeader.NAME));
        return new Member(
                longPath != null ? longPath : prefix.isEmpty() ? name : prefix + "/" + name,
                header.kind() == 0 ? TarHeader.FILE : header.kind(),
                (int) header.number(TarHeader.MODE),
                header.number(TarHeader.TIME),
                longTarget != null ? longTarget : text(header.text(TarHeader.TARGET)));
    }

    private String longText() throws IOException {
        if (left > LONGEST_TEXT) {
            throw new GuestException("the guest's tar sends a name of %d bytes".formatted(left));
        }
        byte[] bytes = in.readNBytes((int) left);
        left = 0;
        String text = text(bytes);
        return text.indexOf('\0') < 0 ? text : text.substring(0, text.indexOf('\0'));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    /** Copies what the member contains. */
    void copyTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[(int) Math.min(left, InputBlocks.BLOCK)];
        while (left > 0) {
            int length = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (length < 0) {
                throw new GuestException("the guest's tar stopped in the middle of a file");
            }
            out.write(buffer, 0, length);
            left -= length;
        }
    }
}
