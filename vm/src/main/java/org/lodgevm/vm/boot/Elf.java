package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.lodgevm.machine.GuestMemory;

/**
 * An ELF executable for i386 or x86-64, as far as loading it by physical addresses needs: program headers and notes.
 *
 * <p>Source: System V ABI, chapters 4 and 5 ("Object Files", "Program Loading").
 */
final class Elf {
    private static final int MAGIC = 0x464c_457f;
    private static final int HEADER_SIZE = 64;
    private static final int CLASS = 4;
    private static final int DATA = 5;
    private static final int TYPE = 16;
    private static final int MACHINE = 18;
    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2LSB = 1;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int EM_386 = 3;
    private static final int EM_X86_64 = 62;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    /** More program headers than any kernel has. */
    private static final int MAX_SEGMENTS = 256;

    private static final int MAX_NOTES = 1 << 20;

    /** A program header. */
    private record Segment(int type, long offset, long virtual, long physical, long fileSize, long memorySize, long alignment) {
        boolean containsVirtual(long address) {
            return type == PT_LOAD && Long.compareUnsigned(address - virtual, memorySize) < 0;
        }
    }

    private final BootFile file;
    private final boolean wide;
    private final long entry;
    private final List<Segment> segments = new ArrayList<>();

    static boolean matches(byte[] head) {
        return head.length >= 4 && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    /** Reads the headers and checks that all segments lie within the file. */
    static Elf parse(BootFile file) {
        return new Elf(file);
    }

    private Elf(BootFile file) {
        this.file = file;
        ByteBuffer header = read(0, HEADER_SIZE);
        wide = header.get(CLASS) == ELFCLASS64;
        int machine = header.getShort(MACHINE) & 0xffff;
        int type = header.getShort(TYPE) & 0xffff;
        if (header.get(DATA) != ELFDATA2LSB || machine != EM_386 && machine != EM_X86_64) {
            throw bad("is an ELF file for another processor (e_machine %d); build it for x86".formatted(machine));
        }
        if (type != ET_EXEC && type != ET_DYN) {
            throw bad("is an ELF file of type %d, not an executable; link it".formatted(type));
        }
        entry = wide ? header.getLong(24) : u32(header, 24);
        long tableOffset = wide ? header.getLong(32) : u32(header, 28);
        int entrySize = header.getShort(wide ? 54 : 42) & 0xffff;
        int count = header.getShort(wide ? 56 : 44) & 0xffff;
        if (count > MAX_SEGMENTS || count > 0 && entrySize < (wide ? 56 : 32)) {
            throw bad("has a damaged ELF header: %d program headers of %d bytes; build it again".formatted(count, entrySize));
        }
        for (int i = 0; i < count; i++) {
            segments.add(segment(read(tableOffset + (long) i * entrySize, entrySize)));
        }
        segments.forEach(this::check);
    }

    private Segment segment(ByteBuffer b) {
        return wide
                ? new Segment(b.getInt(0), b.getLong(8), b.getLong(16), b.getLong(24), b.getLong(32), b.getLong(40), b.getLong(48))
                : new Segment(b.getInt(0), u32(b, 4), u32(b, 8), u32(b, 12), u32(b, 16), u32(b, 20), u32(b, 28));
    }

    private void check(Segment s) {
        if (s.type != PT_LOAD && s.type != PT_NOTE) {
            return;
        }
        if (s.fileSize < 0 || s.offset < 0 || s.fileSize > file.size() - s.offset) {
            throw bad("is truncated: a segment ends at 0x%x, the file at 0x%x; fetch or build it again".formatted(
                    s.offset + s.fileSize, file.size()));
        }
        if (s.type == PT_LOAD && Long.compareUnsigned(s.memorySize, s.fileSize) < 0) {
            throw bad("has a damaged program header: a segment of %d bytes holds %d; build it again".formatted(s.memorySize, s.fileSize));
        }
    }

    String name() {
        return file.name();
    }

    boolean is64Bit() {
        return wide;
    }

    /** {@code e_entry}, a virtual address. */
    long entry() {
        return entry;
    }

    /** The entry point's physical address; equal to {@link #entry} unless a segment says otherwise. */
    long physicalEntry() {
        for (Segment s : segments) {
            if (s.containsVirtual(entry)) {
                return s.physical + (entry - s.virtual);
            }
        }
        return entry;
    }

    /** Copies all segments to their physical addresses and zeroes the rest of them. @return the end of the highest one */
    long load(Placement placement, GuestMemory memory) {
        long end = 0;
        for (Segment s : segments) {
            if (s.type == PT_LOAD && s.memorySize != 0) {
                placement.claim(s.physical, s.memorySize, "the kernel " + file.name());
                memory.change(s.physical, s.memorySize, place -> {
                    file.copyTo(s.offset, place.asSlice(0, s.fileSize));
                    place.asSlice(s.fileSize).fill((byte) 0);
                });
                end = Math.max(end, s.physical + s.memorySize);
            }
        }
        if (end == 0) {
            throw bad("has nothing to load: no PT_LOAD segment; link it as an executable");
        }
        return end;
    }

    /** The number in the first note with this name and type: its descriptor's four or eight bytes. */
    OptionalLong note(String name, int type) {
        for (Segment s : segments) {
            if (s.type == PT_NOTE) {
                OptionalLong found = note(read(s.offset, (int) Math.min(s.fileSize, MAX_NOTES)), s.alignment == 8 ? 8 : 4, name, type);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong note(ByteBuffer notes, int alignment, String name, int type) {
        byte[] wanted = LoadContext.terminated(name);
        long at = 0;
        while (at + 12 <= notes.limit()) {
            long nameSize = u32(notes, (int) at);
            long descSize = u32(notes, (int) at + 4);
            long desc = Placement.alignUp(at + 12 + nameSize, alignment);
            long next = Placement.alignUp(desc + descSize, alignment);
            if (desc + descSize > notes.limit()) {
                break;
            }
            boolean named = nameSize == wanted.length && notes.slice((int) at + 12, wanted.length).equals(ByteBuffer.wrap(wanted));
            if (named && notes.getInt((int) at + 8) == type && descSize >= 4) {
                return OptionalLong.of(descSize >= 8 ? notes.getLong((int) desc) : u32(notes, (int) desc));
            }
            at = next;
        }
        return OptionalLong.empty();
    }

    private ByteBuffer read(long offset, int length) {
        return ByteBuffer.wrap(file.read(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long u32(ByteBuffer b, int offset) {
        return b.getInt(offset) & 0xffff_ffffL;
    }

    private BootException bad(String what) {
        return new BootException(file.name() + " " + what);
    }
}
