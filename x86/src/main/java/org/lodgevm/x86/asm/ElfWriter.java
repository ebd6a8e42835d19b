package org.lodgevm.x86.asm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a static executable of loadable segments and notes, without sections or symbols: enough
 * for Linux to run it, and for a PVH or multiboot loader to boot it.
 *
 * <p>Layout: ELF header, program headers, then each segment's bytes, their offsets congruent to
 * their addresses modulo the page size as demand paging requires.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V gABI,
 *     chapters 4 and 5</a>
 */
public final class ElfWriter {
    /** The segment flags of {@code p_flags}. */
    public static final int EXECUTE = 1;

    public static final int WRITE = 2;
    public static final int READ = 4;

    private static final int PAGE = 4096;
    private static final int ET_EXEC = 2;
    private static final int EM_386 = 3;
    private static final int EM_X86_64 = 62;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    private static final int PT_GNU_STACK = 0x6474_E551;
    private static final int ELFCLASS32 = 1;
    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2LSB = 1;
    private static final int EV_CURRENT = 1;
    private static final int IDENT_BYTES = 16;

    private record Segment(
            int type,
            int flags,
            long vaddr,
            long paddr,
            byte[] bytes,
            long memorySize,
            int align) {}

    private final boolean wide;
    private final int machine;
    private final long entry;
    private final List<Segment> segments = new ArrayList<>();

    private ElfWriter(boolean wide, int machine, long entry) {
        this.wide = wide;
        this.machine = machine;
        this.entry = entry;
    }

    /** An ELF32 executable for i386. */
    public static ElfWriter elf32(long entry) {
        return new ElfWriter(false, EM_386, entry);
    }

    /** An ELF64 executable for x86-64. */
    public static ElfWriter elf64(long entry) {
        return new ElfWriter(true, EM_X86_64, entry);
    }

    /**
     * Adds a segment whose physical address is its virtual one and which holds nothing but the
     * bytes.
     */
    public ElfWriter load(long vaddr, byte[] bytes, int flags) {
        return load(vaddr, vaddr, bytes, bytes.length, flags);
    }

    /**
     * Adds a loadable segment.
     *
     * @param memorySize its size in memory, what exceeds the bytes being zero
     * @param flags of {@link #READ}, {@link #WRITE}, {@link #EXECUTE}
     */
    public ElfWriter load(long vaddr, long paddr, byte[] bytes, long memorySize, int flags) {
        if (memorySize < bytes.length) {
            throw new AssemblyException(bytes.length + " bytes exceed a segment of " + memorySize);
        }
        segments.add(new Segment(PT_LOAD, flags, vaddr, paddr, bytes.clone(), memorySize, PAGE));
        return this;
    }

    /**
     * Tells Linux how to map the stack; without this, older kernels make all readable memory
     * executable.
     */
    public ElfWriter stack(int flags) {
        segments.add(new Segment(PT_GNU_STACK, flags, 0, 0, new byte[0], 0, 16));
        return this;
    }

    /** Adds a note such as PVH's {@code XEN_ELFNOTE_PHYS32_ENTRY} (owner "Xen", type 18). */
    public ElfWriter note(String owner, int type, byte[] description) {
        byte[] name = (owner + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer note = little(12 + padded(name.length) + padded(description.length));
        note.putInt(name.length).putInt(description.length).putInt(type).put(name);
        note.position(12 + padded(name.length)).put(description);
        segments.add(new Segment(PT_NOTE, READ, 0, 0, note.array(), note.capacity(), 4));
        return this;
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The file. */
    public byte[] toBytes() {
        int headerSize = wide ? 64 : 52;
        int entrySize = wide ? 56 : 32;
        int[] offsets = new int[segments.size()];
        int end = headerSize + segments.size() * entrySize;
        for (int i = 0; i < offsets.length; i++) {
            Segment segment = segments.get(i);
            int residue = (int) (segment.vaddr() & segment.align() - 1);
            offsets[i] = end + (residue - end & segment.align() - 1);
            end = Math.addExact(offsets[i], segment.bytes().length);
        }
        ByteBuffer file = little(end);
        header(file, headerSize, entrySize);
        for (int i = 0; i < offsets.length; i++) {
            programHeader(file, segments.get(i), offsets[i]);
        }
        for (int i = 0; i < offsets.length; i++) {
            file.put(offsets[i], segments.get(i).bytes());
        }
        return file.array();
    }

    private void header(ByteBuffer file, int headerSize, int entrySize) {
        file.put(new byte[] {0x7F, 'E', 'L', 'F'});
        file.put((byte) (wide ? ELFCLASS64 : ELFCLASS32))
                .put((byte) ELFDATA2LSB)
                .put((byte) EV_CURRENT);
        file.position(IDENT_BYTES);
        file.putShort((short) ET_EXEC).putShort((short) machine).putInt(EV_CURRENT);
        address(file, entry);
        address(file, headerSize);
        address(file, 0);
        file.putInt(0)
                .putShort((short) headerSize)
                .putShort((short) entrySize)
                .putShort((short) segments.size());
        file.position(headerSize);
    }

    private void programHeader(ByteBuffer file, Segment segment, int offset) {
        file.putInt(segment.type());
        if (wide) {
            file.putInt(segment.flags());
        }
        address(file, offset);
        address(file, segment.vaddr());
        address(file, segment.paddr());
        address(file, segment.bytes().length);
        address(file, segment.memorySize());
        if (!wide) {
            file.putInt(segment.flags());
        }
        address(file, segment.align());
    }

    private void address(ByteBuffer file, long value) {
        if (wide) {
            file.putLong(value);
        } else {
            file.putInt((int) Values.check(value, 32));
        }
    }
}
