package org.lodgevm.image.iso;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Writes a file system of one folder. The same files give the same bytes: there are no dates in it.
 *
 * @ecma119 Volume and File Structure of CDROM for Information Interchange, which ISO 9660 is
 */
public final class IsoWriter {
    /** @ecma119 6.1.2 */
    private static final int SECTOR = 2048;
    /** @ecma119 6.2.1 */
    private static final int SYSTEM_AREA = 16;
    private static final int PATH_TABLE_LITTLE = SYSTEM_AREA + 2;
    private static final int PATH_TABLE_BIG = PATH_TABLE_LITTLE + 1;
    private static final int ROOT = PATH_TABLE_BIG + 1;
    private static final int PATH_TABLE_SIZE = 10;

    private static final int PRIMARY = 1;
    private static final int TERMINATOR = 255;
    private static final int DIRECTORY_FLAG = 2;
    /** A directory record without its name. @ecma119 9.1 */
    private static final int RECORD = 33;
    private static final long LARGEST = 0xffff_ffffL;

    private final String label;
    private final List<Member> members = new ArrayList<>();

    private record Member(String name, long size, Source source) {
        int sectors() {
            return Math.toIntExact((size + SECTOR - 1) / SECTOR);
        }
    }

    private interface Source {
        InputStream open() throws IOException;
    }

    /** @param label of the volume, by which a guest finds it */
    public IsoWriter(String label) {
        this.label = label;
    }

    /** Adds a file of the host. */
    public void file(String name, Path file) throws IOException {
        add(new Member(recorded(name), Files.size(file), () -> Files.newInputStream(file)));
    }

    /** Adds a small file. */
    public void file(String name, byte[] content) {
        add(new Member(recorded(name), content.length, () -> new ByteArrayInputStream(content)));
    }

    /** How large what is written will be, in bytes. */
    public long size() {
        return (long) SECTOR * (firstFile() + members.stream().mapToLong(Member::sectors).sum());
    }

    /** Writes it. The files must be as large as when they were added. */
    public void write(OutputStream out) throws IOException {
        members.sort(Comparator.comparing(Member::name)); // @ecma119 9.3
        out.write(new byte[SYSTEM_AREA * SECTOR]);
        out.write(primaryDescriptor());
        out.write(terminator());
        out.write(pathTable(ByteOrder.LITTLE_ENDIAN));
        out.write(pathTable(ByteOrder.BIG_ENDIAN));
        out.write(directory());
        for (Member member : members) {
            long written;
            try (InputStream in = member.source().open()) {
                written = in.transferTo(out);
            }
            if (written != member.size()) {
                throw new IOException("a file changed while it was read: " + member.name());
            }
            out.write(new byte[(int) (-written & SECTOR - 1)]);
        }
    }

    private void add(Member member) {
        if (member.size() > LARGEST) {
            throw new IllegalArgumentException(member.name() + " is too large for ISO 9660");
        }
        members.add(member);
    }

    /** A name with its version. @ecma119 7.5.1 */
    private static String recorded(String name) {
        return name.toUpperCase(Locale.ROOT) + (name.indexOf('.') < 0 ? "." : "") + ";1";
    }

    private int firstFile() {
        return ROOT + directorySectors();
    }

    private int directorySectors() {
        int at = 2 * (RECORD + 1);
        for (Member member : members) {
            int length = recordLength(member.name().length());
            at += at % SECTOR + length > SECTOR ? SECTOR - at % SECTOR + length : length;
        }
        return (at + SECTOR - 1) / SECTOR;
    }

    private static int recordLength(int name) {
        return RECORD + name + (name + 1) % 2;
    }

    /** @ecma119 8.4 */
    private byte[] primaryDescriptor() {
        ByteBuffer descriptor = ByteBuffer.allocate(SECTOR);
        descriptor.put((byte) PRIMARY).put("CD001".getBytes(US_ASCII)).put((byte) 1).put((byte) 0);
        put(descriptor, "", 32);
        put(descriptor, label, 32);
        descriptor.position(80);
        both(descriptor, Math.toIntExact(size() / SECTOR));
        descriptor.position(120);
        both(descriptor, (short) 1);
        both(descriptor, (short) 1);
        both(descriptor, (short) SECTOR);
        both(descriptor, PATH_TABLE_SIZE);
        descriptor.order(ByteOrder.LITTLE_ENDIAN).putInt(PATH_TABLE_LITTLE).putInt(0);
        descriptor.order(ByteOrder.BIG_ENDIAN).putInt(PATH_TABLE_BIG).putInt(0);
        record(descriptor, ROOT, directorySectors() * (long) SECTOR, DIRECTORY_FLAG, new byte[1]);
        put(descriptor, "", 128 * 4 + 37 * 3); // set, publisher, preparer, application; three files about them
        for (int date = 0; date < 4; date++) {
            descriptor.put("0".repeat(16).getBytes(US_ASCII)).put((byte) 0);
        }
        descriptor.put((byte) 1);
        return descriptor.array();
    }

    private static byte[] terminator() {
        return ByteBuffer.allocate(SECTOR).put((byte) TERMINATOR).put("CD001".getBytes(US_ASCII)).put((byte) 1).array();
    }

    /** The root is its only entry, and its own parent. @ecma119 9.4 */
    private static byte[] pathTable(ByteOrder order) {
        return ByteBuffer.allocate(SECTOR).order(order).put((byte) 1).put((byte) 0).putInt(ROOT).putShort((short) 1).array();
    }

    private byte[] directory() {
        ByteBuffer directory = ByteBuffer.allocate(directorySectors() * SECTOR);
        record(directory, ROOT, directory.capacity(), DIRECTORY_FLAG, new byte[] {0});
        record(directory, ROOT, directory.capacity(), DIRECTORY_FLAG, new byte[] {1});
        int sector = firstFile();
        for (Member member : members) {
            int inSector = directory.position() % SECTOR;
            if (inSector + recordLength(member.name().length()) > SECTOR) {
                directory.position(directory.position() + SECTOR - inSector);
            }
            record(directory, sector, member.size(), 0, member.name().getBytes(US_ASCII));
            sector += member.sectors();
        }
        return directory.array();
    }

    /** @ecma119 9.1 */
    private static void record(ByteBuffer to, int sector, long size, int flags, byte[] name) {
        to.put((byte) recordLength(name.length)).put((byte) 0);
        both(to, sector);
        both(to, (int) size);
        to.put(new byte[7]).put((byte) flags).put((byte) 0).put((byte) 0);
        both(to, (short) 1);
        to.put((byte) name.length).put(name);
        to.put(new byte[(name.length + 1) % 2]);
    }

    private static void both(ByteBuffer to, int value) {
        to.order(ByteOrder.LITTLE_ENDIAN).putInt(value).order(ByteOrder.BIG_ENDIAN).putInt(value);
    }

    private static void both(ByteBuffer to, short value) {
        to.order(ByteOrder.LITTLE_ENDIAN).putShort(value).order(ByteOrder.BIG_ENDIAN).putShort(value);
    }

    private static void put(ByteBuffer to, String text, int length) {
        to.put((text + " ".repeat(length - text.length())).getBytes(US_ASCII));
    }
}
