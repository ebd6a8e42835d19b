package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The multiboot header that an operating system image has in its first 8 KiB.
 *
 * @param offset where it is in the file
 * @param hasAddresses the four addresses count, not an ELF header (the "a.out kludge")
 * @multiboot 3.1
 */
record MultibootHeader(
        int offset, boolean hasAddresses, long headerAddr, long loadAddr, long loadEndAddr, long bssEndAddr, long entryAddr) {
    static final int SEARCHED = 8192;

    private static final int MAGIC = 0x1bad_b002;
    private static final int SIZE = 12;
    private static final int SIZE_WITH_ADDRESSES = 32;
    private static final int ALIGN_MODULES = 1;
    private static final int MEMORY_INFO = 1 << 1;
    private static final int VIDEO_MODE = 1 << 2;
    private static final int ADDRESSES = 1 << 16;
    /** Of these the image insists; a text mode is a wish only. */
    private static final int REQUIREMENTS = 0xffff;

    private static final int KNOWN = ALIGN_MODULES | MEMORY_INFO | VIDEO_MODE;

    /** The header in a file that begins with {@code head}, or null. */
    static MultibootHeader find(String name, byte[] head) {
        ByteBuffer b = ByteBuffer.wrap(head, 0, Math.min(head.length, SEARCHED)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + SIZE <= b.limit(); at += 4) {
            int flags = b.getInt(at + 4);
            if (b.getInt(at) == MAGIC && MAGIC + flags + b.getInt(at + 8) == 0) {
                return parse(name, b, at, flags);
            }
        }
        return null;
    }

    private static MultibootHeader parse(String name, ByteBuffer b, int at, int flags) {
        int unknown = flags & REQUIREMENTS & ~KNOWN;
        if (unknown != 0) {
            throw new BootException("%s requires multiboot features that do not exist here (flags 0x%x); build it without them".formatted(
                    name, unknown));
        }
        if ((flags & ADDRESSES) == 0) {
            return new MultibootHeader(at, false, 0, 0, 0, 0, 0);
        }
        if (at + SIZE_WITH_ADDRESSES > b.limit()) {
            throw new BootException("%s is truncated within its multiboot header; fetch or build it again".formatted(name));
        }
        return new MultibootHeader(at, true, u32(b, at + 12), u32(b, at + 16), u32(b, at + 20), u32(b, at + 24), u32(b, at + 28));
    }

    private static long u32(ByteBuffer b, int offset) {
        return b.getInt(offset) & 0xffff_ffffL;
    }

    /** Loads an image by the header's addresses. @return the end of what it occupies */
    long load(BootFile file, LoadContext context) {
        long start = offset - (headerAddr - loadAddr);
        if (loadAddr > headerAddr || start < 0) {
            throw damaged(file, "load_addr 0x%x, header_addr 0x%x".formatted(loadAddr, headerAddr));
        }
        long size = loadEndAddr == 0 ? file.size() - start : loadEndAddr - loadAddr;
        if (size <= 0 || bssEndAddr != 0 && bssEndAddr < loadAddr + size) {
            throw damaged(file, "load_addr 0x%x, load_end_addr 0x%x, bss_end_addr 0x%x".formatted(loadAddr, loadEndAddr, bssEndAddr));
        }
        if (size > file.size() - start) {
            throw new BootException("%s is truncated: its multiboot header tells of %d bytes, the file has %d; fetch or build it again"
                    .formatted(file.name(), start + size, file.size()));
        }
        long end = bssEndAddr == 0 ? loadAddr + size : bssEndAddr;
        context.placement().claim(loadAddr, end - loadAddr, "the kernel " + file.name());
        context.memory().change(loadAddr, end - loadAddr, place -> {
            file.copyTo(start, place.asSlice(0, size));
            place.asSlice(size).fill((byte) 0);
        });
        return end;
    }

    private static BootException damaged(BootFile file, String values) {
        return new BootException("%s has a damaged multiboot header (%s); build it again".formatted(file.name(), values));
    }
}
