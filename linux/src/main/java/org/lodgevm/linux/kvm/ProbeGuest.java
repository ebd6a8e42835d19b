package org.lodgevm.linux.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The guest of {@link Probe}: from real mode to 64-bit mode, to ring 3, back by SYSCALL, and through an interrupt. At each station
 * it writes a letter to a port.
 *
 * <p>Machine code is written out, as no assembler is at hand here; a test compares it with the disassembler's text.
 */
final class ProbeGuest {
    static final int MEMORY = 0x1_0000;
    static final int STATION_PORT = 0x80;
    static final int VECTOR = 0x20;

    static final char IN_LONG_MODE = 'L';
    static final char IN_SYSTEM_CALL = 'S';
    static final char IN_INTERRUPT = 'I';
    static final char DONE = 'D';

    static final int REAL_MODE = 0x1000;
    static final int LONG_MODE = 0x1100;
    static final int SYSTEM_CALL = 0x1200;
    static final int USER = 0x1300;
    static final int INTERRUPT = 0x1400;

    private static final int GDT = 0x2000;
    private static final int GDT_LIMIT = 0x2f;
    private static final int GDT_POINTER = 0x2100;
    private static final int IDT_POINTER = 0x2110;
    private static final int IDT = 0x3000;
    private static final int IDT_LIMIT = 0xfff;
    private static final int PML4 = 0x4000;
    private static final int PDPT = 0x5000;
    private static final int PD = 0x6000;

    private static final long CODE64 = 0x00af_9b00_0000_ffffL;
    private static final long DATA = 0x00cf_9300_0000_ffffL;
    private static final long USER_DATA = 0x00cf_f300_0000_ffffL;
    private static final long USER_CODE64 = 0x00af_fb00_0000_ffffL;
    private static final int CODE_SELECTOR = 8;
    private static final long INTERRUPT_GATE = 0x8e00L;
    /** Present, writable, user. */
    private static final int TABLE = 7;

    private static final int LARGE_PAGE = 1 << 7;

    /** Loads GDT and CR3, sets PAE, LME with SCE, and PE with PG, and jumps into 64-bit code. */
    static final String REAL_MODE_CODE = """
            fa
            0f 01 16 00 21
            66 b8 00 40 00 00
            0f 22 d8
            66 b8 20 00 00 00
            0f 22 e0
            66 b9 80 00 00 c0
            66 b8 01 01 00 00
            66 31 d2
            0f 30
            66 b8 01 00 00 80
            0f 22 c0
            66 ea 00 11 00 00 08 00
            """;

    /** Tells the station, loads the IDT, sets STAR and LSTAR, and enters ring 3 by SYSRET. */
    static final String LONG_MODE_CODE = """
            b0 4c
            e6 80
            0f 01 1c 25 10 21 00 00
            b9 81 00 00 c0
            31 c0
            ba 08 00 13 00
            0f 30
            ff c1
            b8 00 12 00 00
            31 d2
            0f 30
            b9 00 13 00 00
            41 bb 02 00 00 00
            48 0f 07
            """;

    static final String USER_CODE = "0f 05 0f 0b";

    /** Reads CR0, which only a kernel may; tells the station, waits for the interrupt, and says that it came back. */
    static final String SYSTEM_CALL_CODE = """
            bc 00 f0 00 00
            0f 20 c0
            b0 53
            e6 80
            fb
            f4
            b0 44
            e6 80
            fa
            f4
            """;

    static final String INTERRUPT_CODE = """
            b0 49
            e6 80
            48 cf
            """;

    private ProbeGuest() {}

    /** All of its memory, from address 0. */
    static byte[] image() {
        ByteBuffer memory = ByteBuffer.allocate(MEMORY).order(ByteOrder.LITTLE_ENDIAN);
        put(memory, REAL_MODE, REAL_MODE_CODE);
        put(memory, LONG_MODE, LONG_MODE_CODE);
        put(memory, SYSTEM_CALL, SYSTEM_CALL_CODE);
        put(memory, USER, USER_CODE);
        put(memory, INTERRUPT, INTERRUPT_CODE);
        memory.putLong(GDT + 8, CODE64).putLong(GDT + 16, DATA).putLong(GDT + 24, USER_DATA).putLong(GDT + 32, USER_CODE64);
        memory.putShort(GDT_POINTER, (short) GDT_LIMIT).putInt(GDT_POINTER + 2, GDT);
        memory.putShort(IDT_POINTER, (short) IDT_LIMIT).putLong(IDT_POINTER + 2, IDT);
        memory.putLong(IDT + 16 * VECTOR, INTERRUPT_GATE << 32 | (long) CODE_SELECTOR << 16 | INTERRUPT);
        memory.putLong(PML4, PDPT | TABLE).putLong(PDPT, PD | TABLE).putLong(PD, TABLE | LARGE_PAGE);
        return memory.array();
    }

    static byte[] bytes(String code) {
        return HexFormat.of().parseHex(code.replaceAll("\\s", ""));
    }

    private static void put(ByteBuffer memory, int address, String code) {
        memory.put(address, bytes(code));
    }
}
