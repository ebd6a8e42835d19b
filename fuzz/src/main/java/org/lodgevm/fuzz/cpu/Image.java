package org.lodgevm.fuzz.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.fuzz.Dice;

/** Low memory in the making, and what lies where in it: all where 16-bit code can reach it, but for paging structures. */
final class Image {
    static final int IDT = 0x1000;
    static final int GDT = 0x2000;
    static final int LDT = 0x3000;
    /** With a bitmap of all ports. */
    static final int TSS = 0x4000;
    static final int OTHER_TSS = 0x6200;
    static final int HANDLERS = 0x7000;
    static final int CODE = 0x8000;
    static final int CODE_END = 0xc000;
    static final int STACK_END = 0xe000;
    static final int DATA_END = 0x1_0000;
    static final int PAGING = 0x1_0000;
    static final int END = 0x2_0000;

    private final byte[] bytes = new byte[END];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    byte[] bytes() {
        return bytes;
    }

    void put(int at, byte[] source) {
        System.arraycopy(source, 0, bytes, at, Math.min(source.length, END - at));
    }

    void put16(int at, int value) {
        buffer.putShort(at, (short) value);
    }

    void put32(int at, int value) {
        buffer.putInt(at, value);
    }

    void put64(int at, long value) {
        buffer.putLong(at, value);
    }

    long get64(int at) {
        return buffer.getLong(at);
    }

    /** An address at which something happens: tables, code, stack, data, devices, ROM, the ends of memory. */
    static long place(Dice dice) {
        return switch (dice.below(16)) {
            case 0 -> dice.below(IDT);
            case 1 -> dice.between(IDT, HANDLERS);
            case 2, 3 -> dice.between(HANDLERS, CODE_END);
            case 4 -> dice.between(CODE_END - 8, STACK_END);
            case 5 -> dice.between(PAGING, END);
            case 6 -> Board.DEVICE + dice.below(0x1000);
            case 7 -> Board.MIXED_PAGE + dice.below(0x1000);
            case 8 -> Board.RAM + dice.between(-16, 16);
            case 9 -> Board.ROM + dice.below(Board.ROM_SIZE);
            case 10 -> dice.number();
            case 11 -> dice.between(0, 31) * 0x1000 + dice.between(-16, 16);
            default -> dice.between(STACK_END, DATA_END);
        };
    }
}
