package org.lodgevm.vm.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Kernels as small as they can be. */
final class TestImages {
    private static final int SETUP_SECTORS = 4;
    static final int IMAGE_OFFSET = (SETUP_SECTORS + 1) * 512;

    private TestImages() {}

    /** A bzImage of protocol 2.15, relocatable, with a payload of {@code size} bytes that are 0x11, 0x22 and so on. */
    static ByteBuffer bzImage(int size, boolean wide) {
        ByteBuffer image = ByteBuffer.allocate(IMAGE_OFFSET + size).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) SETUP_SECTORS).putInt(0x1f4, size + 15 >> 4).putShort(0x1fe, (short) 0xaa55);
        image.put(0x200, (byte) 0xeb).put(0x201, (byte) 0x6a).put(0x202, "HdrS".getBytes(US_ASCII)).putShort(0x206, (short) 0x20f);
        image.put(0x211, (byte) 1).putInt(0x22c, 0x7fff_ffff).putInt(0x230, 0x20_0000).put(0x234, (byte) 1);
        image.putShort(0x236, (short) (wide ? 3 : 0)).putInt(0x238, 2047).putLong(0x258, 0x100_0000).putInt(0x260, 0x10_0000);
        for (int i = 0; i < size; i++) {
            image.put(IMAGE_OFFSET + i, (byte) (0x11 * (i + 1)));
        }
        return image;
    }

    /** An ELF executable with one segment at 2 MiB that holds {@code contents}, 64 bytes of zeros after it, and a note. */
    static byte[] elf(boolean wide, byte[] contents, byte[] note) {
        int headers = 64 + 2 * 56;
        ByteBuffer b = ByteBuffer.allocate(headers + contents.length + note.length).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0, 0x464c_457f).put(4, (byte) (wide ? 2 : 1)).put(5, (byte) 1).put(6, (byte) 1);
        b.putShort(16, (short) 2).putShort(18, (short) (wide ? 62 : 3)).putInt(20, 1);
        int noteOffset = headers + contents.length;
        if (wide) {
            b.putLong(24, 0x20_0000).putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 2);
            wideSegment(b, 64, 1, headers, 0x20_0000, contents.length, contents.length + 64);
            wideSegment(b, 64 + 56, 4, noteOffset, 0, note.length, note.length);
        } else {
            b.putInt(24, 0x20_0000).putInt(28, 64).putShort(42, (short) 32).putShort(44, (short) 2);
            narrowSegment(b, 64, 1, headers, 0x20_0000, contents.length, contents.length + 64);
            narrowSegment(b, 64 + 32, 4, noteOffset, 0, note.length, note.length);
        }
        return b.put(headers, contents).put(noteOffset, note).array();
    }

    private static void wideSegment(ByteBuffer b, int at, int type, long offset, long address, long size, long memorySize) {
        b.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, address).putLong(at + 24, address);
        b.putLong(at + 32, size).putLong(at + 40, memorySize).putLong(at + 48, 4);
    }

    private static void narrowSegment(ByteBuffer b, int at, int type, int offset, int address, int size, int memorySize) {
        b.putInt(at, type).putInt(at + 4, offset).putInt(at + 8, address).putInt(at + 12, address);
        b.putInt(at + 16, size).putInt(at + 20, memorySize).putInt(at + 28, 4);
    }

    static byte[] pvhNote(long entry, int width) {
        return pvhNote("abcd", entry, width);
    }

    /** The note that tells a PVH entry point, in four or eight bytes, behind the one that names the system. */
    static byte[] pvhNote(String system, long entry, int width) {
        int named = system.length() + 1;
        ByteBuffer b = ByteBuffer.allocate(16 + (named + 3 & -4) + 16 + width).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(4).putInt(named).putInt(6).put("Xen\0".getBytes(US_ASCII)).put(system.getBytes(US_ASCII)).position(16 + (named + 3 & -4));
        b.putInt(4).putInt(width).putInt(18).put("Xen\0".getBytes(US_ASCII));
        return (width == 8 ? b.putLong(entry) : b.putInt((int) entry)).array();
    }

    static byte[] noNote() {
        return new byte[0];
    }

    /** One entry of a cpio archive of the kind that Linux reads, padded. */
    static byte[] cpio(String name, byte[] contents) {
        StringBuilder header = new StringBuilder("070701");
        int nameSize = name.length() + 1;
        for (int field : new int[] {1, 0x81a4, 0, 0, 1, 0, contents.length, 0, 0, 0, 0, nameSize, 0}) {
            header.append("%08x".formatted(field));
        }
        int data = 110 + nameSize + 3 & -4;
        ByteBuffer b = ByteBuffer.allocate(data + (contents.length + 3 & -4));
        return b.put(header.append(name).toString().getBytes(US_ASCII)).put(data, contents).array();
    }

    /** A multiboot header, 12 bytes. */
    static byte[] multibootHeader(int flags) {
        int magic = 0x1bad_b002;
        return ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(magic).putInt(flags).putInt(-magic - flags).array();
    }
}
