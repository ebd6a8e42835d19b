package org.lodgevm.x86.oracle;

import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/** A case in the making: what the parts of the generator tell each other. */
final class Draft {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RSP = 4;
    static final int RBP = 5;
    static final int RSI = 6;
    static final int RDI = 7;

    final Case target;
    final Mode mode;
    final Row row;
    final Numbers numbers;

    /** Operand size in bytes. */
    int opSize;

    /** VEX.L. */
    int vexL;

    /** Linear address of the memory operand; meaningful if {@link #inMemory}. */
    long operand;

    boolean inMemory;

    /** Registers that make the operand's address: bit n for register n. */
    int addressRegisters;

    /** Where the instruction is: offset in the code pages. */
    int at;

    Draft(Case target, Mode mode, Row row, Numbers numbers) {
        this.target = target;
        this.mode = mode;
        this.row = row;
        this.numbers = numbers;
    }

    boolean is64() {
        return mode == Mode.BITS_64;
    }

    /** The linear address of a byte of the window. */
    long window(int offset) {
        return Layout.DATA + target.get32(Layout.WINDOW_AT) + offset;
    }

    /** Where a linear address lies in the case's record, or -1 if it is outside of the window. */
    int inRecord(long linear, int bytes) {
        long base = linear >= Layout.HIGH_DATA ? Layout.HIGH_DATA : Layout.DATA;
        long offset = linear - base - target.get32(Layout.WINDOW_AT);
        return offset >= 0 && offset + bytes <= Layout.WINDOW_BYTES
                ? (int) (Layout.WINDOW + offset)
                : -1;
    }

    /** Base of a segment: ES, CS, SS, DS, FS or GS. */
    long segmentBase(int segment) {
        if (is64()) {
            return switch (segment) {
                case 4 -> target.get64(Layout.FS_BASE);
                case 5 -> target.get64(Layout.GS_BASE);
                default -> 0;
            };
        }
        return segment == 1 ? mode.codeBase() : Descriptors.base(selector(segment));
    }

    int selector(int segment) {
        return switch (segment) {
            case 0 -> target.get16(Layout.ES);
            case 1 -> (int) target.get64(Layout.CS);
            case 2 -> (int) target.get64(Layout.SS);
            case 3 -> target.get16(Layout.DS);
            case 4 -> target.get16(Layout.FS);
            default -> target.get16(Layout.GS);
        };
    }

    /** Sets a register to an offset; outside of 64-bit mode its upper half stays clear. */
    void register(int number, long value) {
        long fitting = is64() ? value : value & 0xFFFF_FFFFL;
        if (number == RSP) {
            Cases.stackPointer(target, fitting);
        } else {
            target.gpr(number, fitting);
        }
    }

    /** Sets a register that the operand's address does not need. */
    void freeRegister(int number, long value) {
        if ((addressRegisters >> number & 1) == 0) {
            register(number, value);
        }
    }

    /** Width in bytes of the memory operand, 0 where only the instruction knows. */
    int memoryWidth() {
        for (Operand operand : row.operands()) {
            switch (operand.method()) {
                case E, M, Q, W, O, X, Y -> {
                    return operand.memoryType().width(opSize, vexL);
                }
                default -> {}
            }
        }
        return 0;
    }
}
