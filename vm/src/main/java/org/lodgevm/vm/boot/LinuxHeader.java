package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The setup header of a Linux bzImage, checked. Offsets count from the start of the file, and equally from the start of
 * {@code struct boot_params}. Source: Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 */
final class LinuxHeader {
    /** Where the header begins ({@code setup_sects}) and {@code struct boot_params} has room for it at most. */
    static final int START = 0x1f1;

    private static final int END = 0x290;

    private static final int SYSSIZE = 0x1f4;
    private static final int BOOT_FLAG = 0x1fe;
    private static final int JUMP_OFFSET = 0x201;
    private static final int MAGIC = 0x202;
    private static final int VERSION = 0x206;
    private static final int LOADFLAGS = 0x211;
    private static final int INITRD_ADDR_MAX = 0x22c;
    private static final int KERNEL_ALIGNMENT = 0x230;
    private static final int RELOCATABLE_KERNEL = 0x234;
    private static final int XLOADFLAGS = 0x236;
    private static final int CMDLINE_SIZE = 0x238;
    private static final int PREF_ADDRESS = 0x258;
    private static final int INIT_SIZE = 0x260;

    private static final int BOOT_FLAG_VALUE = 0xaa55;
    private static final int MAGIC_VALUE = 0x5372_6448; // "HdrS"
    private static final int LOADED_HIGH = 1;
    private static final int XLF_KERNEL_64 = 1;
    private static final int XLF_CAN_BE_LOADED_ABOVE_4G = 2;

    private static final int SECTOR = 512;
    private static final int DEFAULT_SETUP_SECTORS = 4;
    private static final long HIGH_LOAD_ADDRESS = 0x10_0000;
    private static final long MAX_ALIGNMENT = 1 << 30;

    /** Longest command line of a vmlinux: COMMAND_LINE_SIZE of x86 less the terminating zero. */
    static final int VMLINUX_CMDLINE_SIZE = 2047;

    /** What every 64-bit bzImage says about where its initial RAM disk may end. */
    static final long VMLINUX_INITRD_ADDR_MAX = 0x7fff_ffffL;

    private static final int VMLINUX_ALIGNMENT = 0x100_0000;

    /** Protocol versions by what they brought. */
    private static final int V_COMMAND_LINE_POINTER = 0x202;

    private static final int V_INITRD_ADDR_MAX = 0x203;
    private static final int V_SYSSIZE = 0x204;
    private static final int V_RELOCATABLE = 0x205;
    private static final int V_CMDLINE_SIZE = 0x206;
    private static final int V_INIT_SIZE = 0x20a;
    private static final int V_XLOADFLAGS = 0x20c;

    private final String name;
    private final ByteBuffer bytes;
    private final long fileSize;

    private LinuxHeader(String name, byte[] head, long fileSize) {
        this.name = name;
        this.bytes = ByteBuffer.wrap(Arrays.copyOf(head, END)).order(ByteOrder.LITTLE_ENDIAN);
        this.fileSize = fileSize;
    }

    /** Whether a file that begins with {@code head} has the header's magic numbers. */
    static boolean matches(byte[] head) {
        if (head.length < MAGIC + 4) {
            return false;
        }
        ByteBuffer b = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        return b.getInt(MAGIC) == MAGIC_VALUE && (b.getShort(BOOT_FLAG) & 0xffff) == BOOT_FLAG_VALUE;
    }

    /** Checks what can be checked without knowing the machine. */
    static LinuxHeader parse(BootFile kernel, byte[] head) {
        LinuxHeader header = new LinuxHeader(kernel.name(), head, kernel.size());
        header.check();
        return header;
    }

    private void check() {
        if (version() < V_COMMAND_LINE_POINTER) {
            throw bad("speaks Linux boot protocol %d.%02d; 2.02 (Linux 2.4) is the oldest that can be booted"
                    .formatted(version() >> 8, version() & 0xff));
        }
        if ((u8(LOADFLAGS) & LOADED_HIGH) == 0) {
            throw bad("is a zImage, which is loaded below 640 KiB; build a bzImage");
        }
        long promised = version() >= V_SYSSIZE ? 16 * u32(SYSSIZE) : 1;
        if (promised == 0 || fileSize <= imageOffset()) {
            throw bad("is truncated: the real-mode part takes %d bytes, the file has %d; fetch or build it again"
                    .formatted(imageOffset(), fileSize));
        }
        if (promised > alignUp16(fileSize - imageOffset())) {
            throw bad("is truncated: its header tells of %d bytes, the file has %d; fetch or build it again"
                    .formatted(imageOffset() + promised, fileSize));
        }
        long alignment = u32(KERNEL_ALIGNMENT);
        if (relocatable() && (Long.bitCount(alignment) != 1 || alignment > MAX_ALIGNMENT)) {
            throw bad("has a damaged header: an alignment of 0x%x at offset 0x%x; fetch it again".formatted(alignment, KERNEL_ALIGNMENT));
        }
    }

    private static long alignUp16(long value) {
        return value + 15 & -16L;
    }

    private BootException bad(String what) {
        return new BootException(name + " " + what);
    }

    int version() {
        return bytes.getShort(VERSION) & 0xffff;
    }

    /** Whether the kernel can be entered in 64-bit mode. */
    boolean has64BitEntry() {
        return (xloadflags() & XLF_KERNEL_64) != 0;
    }

    boolean initrdAbove4G() {
        return has64BitEntry() && (xloadflags() & XLF_CAN_BE_LOADED_ABOVE_4G) != 0;
    }

    private int xloadflags() {
        return version() >= V_XLOADFLAGS ? bytes.getShort(XLOADFLAGS) & 0xffff : 0;
    }

    /** Highest address that the last byte of an initial RAM disk may have. */
    long initrdAddrMax() {
        return version() >= V_INITRD_ADDR_MAX ? u32(INITRD_ADDR_MAX) : 0x37ff_ffffL;
    }

    /** Longest command line, its terminating zero not counted. */
    int cmdlineSize() {
        return (int) Math.min(version() >= V_CMDLINE_SIZE ? u32(CMDLINE_SIZE) : 255, 0xffff);
    }

    boolean relocatable() {
        return version() >= V_RELOCATABLE && u8(RELOCATABLE_KERNEL) != 0;
    }

    long kernelAlignment() {
        return u32(KERNEL_ALIGNMENT);
    }

    /** Where the kernel wants to run. */
    long prefAddress() {
        return version() >= V_INIT_SIZE ? bytes.getLong(PREF_ADDRESS) : HIGH_LOAD_ADDRESS;
    }

    /** Memory the kernel needs from its start until it can look at the memory map. */
    long initSize() {
        return Math.max(imageSize(), version() >= V_INIT_SIZE ? u32(INIT_SIZE) : 0);
    }

    /** Where the protected-mode kernel starts in the file. */
    long imageOffset() {
        int sectors = u8(START);
        return (long) SECTOR * ((sectors == 0 ? DEFAULT_SETUP_SECTORS : sectors) + 1);
    }

    /** Bytes of the protected-mode kernel; what a signature adds to the file does not count. */
    long imageSize() {
        long rest = fileSize - imageOffset();
        return version() >= V_SYSSIZE ? Math.min(rest, 16 * u32(SYSSIZE)) : rest;
    }

    /** The header as it goes into {@code struct boot_params} at {@link #START}. The jump instruction at 0x200 tells its end. */
    byte[] image() {
        int end = Math.min(MAGIC + u8(JUMP_OFFSET), END);
        return Arrays.copyOfRange(bytes.array(), START, Math.max(end, MAGIC));
    }

    /** As {@link #image}, for a kernel that comes without a header: the fields the kernel itself reads. */
    static byte[] forVmlinux() {
        ByteBuffer header = ByteBuffer.allocate(END).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(BOOT_FLAG, (short) BOOT_FLAG_VALUE).putInt(MAGIC, MAGIC_VALUE).putShort(VERSION, (short) V_XLOADFLAGS);
        header.put(LOADFLAGS, (byte) LOADED_HIGH).putInt(CMDLINE_SIZE, VMLINUX_CMDLINE_SIZE);
        header.putInt(KERNEL_ALIGNMENT, VMLINUX_ALIGNMENT);
        return Arrays.copyOfRange(header.array(), START, END);
    }

    private int u8(int offset) {
        return bytes.get(offset) & 0xff;
    }

    private long u32(int offset) {
        return bytes.getInt(offset) & 0xffff_ffffL;
    }
}
