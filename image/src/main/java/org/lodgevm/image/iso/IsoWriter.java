package org.lodgevm.image.iso;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
 * @rrip Rock Ridge Interchange Protocol 1.12, for names as they are
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
    private static final int LONGEST_NAME = 30;
    private static final int LONGEST_LABEL = 32;

    private final String label;
    private final List<Member> members = new ArrayList<>();

    /** @param name as it is, in ASCII */
    private record Member(String name, long size, Source source) {
        /** The name in upper case and with its version, by which it goes without Rock Ridge. @ecma119 7.5.1 */
        byte[] identifier() {
            return (name.toUpperCase(Locale.ROOT) + (name.indexOf('.') < 0 ? "." : "") + ";1").getBytes(US_ASCII);
        }

        byte[] record(int sector) {
            return IsoWriter.record(sector, size, 0, identifier(), RockRidge.file(name));
        }

        int sectors() {
            return Math.toIntExact((size + SECTOR - 1) / SECTOR);
        }
    }

    private interface Source {
        InputStream open() throws IOException;
    }

    /** @param label of the volume, by which a guest finds it */
    public IsoWriter(String label) {
        if (label.length() > LONGEST_LABEL) {
            throw new IllegalArgumentException("'%s' is too long for a label".formatted(label));
        }
        this.label = label;
    }

    /** Adds a file of the host. */
    public void file(String name, Path file) throws IOException {
        add(new Member(name, Files.size(file), () -> Files.newInputStream(file)));
    }

    /** Adds a small file. */
    public void file(String name, byte[] content) {
        add(new Member(name, content.length, () -> new ByteArrayInputStream(content)));
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
        out.write(directory(directorySectors() * (long) SECTOR, firstFile()));
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
        if (member.name().isEmpty() || member.name().length() > LONGEST_NAME) {
            throw new IllegalArgumentException("'%s' cannot be a name in ISO 9660".formatted(member.name()));
        }
        members.add(member);
    }

    private int firstFile() {
        return ROOT + directorySectors();
    }

    private int directorySectors() {
        return directory(0, 0).length / SECTOR;
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
        descriptor.put(record(ROOT, directorySectors() * (long) SECTOR, DIRECTORY_FLAG, new byte[1], new byte[0]));
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

    /** No record goes from one sector into the next. @param size of all @param file the first one's sector @ecma119 6.8.1.1 */
    private byte[] directory(long size, int file) {
        List<byte[]> records = new ArrayList<>();
        records.add(record(ROOT, size, DIRECTORY_FLAG, new byte[] {0}, RockRidge.root()));
        records.add(record(ROOT, size, DIRECTORY_FLAG, new byte[] {1}, RockRidge.folder()));
        int sector = file;
        for (Member member : members) {
            records.add(member.record(sector));
            sector += member.sectors();
        }
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (byte[] each : records) {
            if (directory.size() % SECTOR + each.length > SECTOR) {
                fillSector(directory);
            }
            directory.writeBytes(each);
        }
        fillSector(directory);
        return directory.toByteArray();
    }

    private static void fillSector(ByteArrayOutputStream to) {
        to.writeBytes(new byte[-to.size() & SECTOR - 1]);
    }

    /** @param system what follows the name @ecma119 9.1 */
    private static byte[] record(int sector, long size, int flags, byte[] name, byte[] system) {
        int length = RECORD + name.length + (name.length + 1) % 2 + system.length;
        ByteBuffer record = ByteBuffer.allocate(length + length % 2);
        record.put((byte) record.capacity()).put((byte) 0);
        both(record, sector);
        both(record, (int) size);
        record.put(new byte[7]).put((byte) flags).put((byte) 0).put((byte) 0);
        both(record, (short) 1);
        record.put((byte) name.length).put(name);
        record.put(new byte[(name.length + 1) % 2]).put(system);
        return record.array();
    }

    static void both(ByteBuffer to, int value) {
        to.order(ByteOrder.LITTLE_ENDIAN).putInt(value).order(ByteOrder.BIG_ENDIAN).putInt(value);
    }

    private static void both(ByteBuffer to, short value) {
        to.order(ByteOrder.LITTLE_ENDIAN).putShort(value).order(ByteOrder.BIG_ENDIAN).putShort(value);
    }

    private static void put(ByteBuffer to, String text, int length) {
        to.put((text + " ".repeat(length - text.length())).getBytes(US_ASCII));
    }
}
