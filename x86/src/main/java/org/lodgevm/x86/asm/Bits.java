package org.lodgevm.x86.asm;

/** Shifts, rotations, bit tests and bit fields. */
public sealed interface Bits extends Emitter permits Assembler {
    default Assembler rol(GprOrMem operand, int count) {
        return shift(0, operand, count);
    }

    /** By the count in CL. */
    default Assembler rolCl(GprOrMem operand) {
        return shiftByCl(0, operand);
    }

    default Assembler ror(GprOrMem operand, int count) {
        return shift(1, operand, count);
    }

    /** By the count in CL. */
    default Assembler rorCl(GprOrMem operand) {
        return shiftByCl(1, operand);
    }

    default Assembler rcl(GprOrMem operand, int count) {
        return shift(2, operand, count);
    }

    /** By the count in CL. */
    default Assembler rclCl(GprOrMem operand) {
        return shiftByCl(2, operand);
    }

    default Assembler rcr(GprOrMem operand, int count) {
        return shift(3, operand, count);
    }

    /** By the count in CL. */
    default Assembler rcrCl(GprOrMem operand) {
        return shiftByCl(3, operand);
    }

    default Assembler shl(GprOrMem operand, int count) {
        return shift(4, operand, count);
    }

    /** By the count in CL. */
    default Assembler shlCl(GprOrMem operand) {
        return shiftByCl(4, operand);
    }

    default Assembler shr(GprOrMem operand, int count) {
        return shift(5, operand, count);
    }

    /** By the count in CL. */
    default Assembler shrCl(GprOrMem operand) {
        return shiftByCl(5, operand);
    }

    default Assembler sar(GprOrMem operand, int count) {
        return shift(7, operand, count);
    }

    /** By the count in CL. */
    default Assembler sarCl(GprOrMem operand) {
        return shiftByCl(7, operand);
    }

    private Assembler shift(int operation, GprOrMem operand, int count) {
        int width = Values.width(operand);
        return count == 1
                ? op(width, 0xD0 | Values.wide(width), operation, operand)
                : op(
                        width,
                        0xC0 | Values.wide(width),
                        operation,
                        operand,
                        1,
                        Values.check(count, 8));
    }

    private Assembler shiftByCl(int operation, GprOrMem operand) {
        int width = Values.width(operand);
        return op(width, 0xD2 | Values.wide(width), operation, operand);
    }

    default Assembler shld(GprOrMem to, Gpr from, int count) {
        return op(Values.wordWidth(to, from), 0x0FA4, from, to, 1, Values.check(count, 8));
    }

    /** By the count in CL. */
    default Assembler shldCl(GprOrMem to, Gpr from) {
        return op(Values.wordWidth(to, from), 0x0FA5, from, to);
    }

    default Assembler shrd(GprOrMem to, Gpr from, int count) {
        return op(Values.wordWidth(to, from), 0x0FAC, from, to, 1, Values.check(count, 8));
    }

    /** By the count in CL. */
    default Assembler shrdCl(GprOrMem to, Gpr from) {
        return op(Values.wordWidth(to, from), 0x0FAD, from, to);
    }

    default Assembler bt(GprOrMem field, Gpr index) {
        return op(Values.wordWidth(field, index), 0x0FA3, index, field);
    }

    default Assembler bt(GprOrMem field, int index) {
        return op(Values.wordWidth(field), 0x0FBA, 4, field, 1, Values.check(index, 8));
    }

    default Assembler bts(GprOrMem field, Gpr index) {
        return op(Values.wordWidth(field, index), 0x0FAB, index, field);
    }

    default Assembler bts(GprOrMem field, int index) {
        return op(Values.wordWidth(field), 0x0FBA, 5, field, 1, Values.check(index, 8));
    }

    default Assembler btr(GprOrMem field, Gpr index) {
        return op(Values.wordWidth(field, index), 0x0FB3, index, field);
    }

    default Assembler btr(GprOrMem field, int index) {
        return op(Values.wordWidth(field), 0x0FBA, 6, field, 1, Values.check(index, 8));
    }

    default Assembler btc(GprOrMem field, Gpr index) {
        return op(Values.wordWidth(field, index), 0x0FBB, index, field);
    }

    default Assembler btc(GprOrMem field, int index) {
        return op(Values.wordWidth(field), 0x0FBA, 7, field, 1, Values.check(index, 8));
    }

    default Assembler bsf(Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to, from), 0x0FBC, to, from);
    }

    default Assembler bsr(Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to, from), 0x0FBD, to, from);
    }

    default Assembler popcnt(Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to, from), 0xF30FB8, to, from);
    }

    default Assembler tzcnt(Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to, from), 0xF30FBC, to, from);
    }

    default Assembler lzcnt(Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to, from), 0xF30FBD, to, from);
    }

    /** Accumulates a CRC-32C; {@code from} alone tells the width. */
    default Assembler crc32(Gpr to, GprOrMem from) {
        int width = Values.width(from);
        boolean valid =
                to.bits() == 32 && width <= 32 || to.bits() == 64 && (width == 8 || width == 64);
        if (!valid) {
            throw new AssemblyException("crc32 has no form for " + to + " and " + width + " bits");
        }
        return op(Math.max(width, to.bits() & 64), 0xF20F38F0 | Values.wide(width), to, from);
    }

    default Assembler andn(Gpr to, Gpr inverted, GprOrMem with) {
        return vex(isQuad(to, inverted, with), 0, 0x0F38F2, to, inverted, with);
    }

    default Assembler bextr(Gpr to, GprOrMem from, Gpr control) {
        return vex(isQuad(to, control, from), 0, 0x0F38F7, to, control, from);
    }

    default Assembler bzhi(Gpr to, GprOrMem from, Gpr control) {
        return vex(isQuad(to, control, from), 0, 0x0F38F5, to, control, from);
    }

    default Assembler sarx(Gpr to, GprOrMem from, Gpr control) {
        return vex(isQuad(to, control, from), 0, 0xF30F38F7, to, control, from);
    }

    default Assembler shlx(Gpr to, GprOrMem from, Gpr control) {
        return vex(isQuad(to, control, from), 0, 0x660F38F7, to, control, from);
    }

    default Assembler shrx(Gpr to, GprOrMem from, Gpr control) {
        return vex(isQuad(to, control, from), 0, 0xF20F38F7, to, control, from);
    }

    default Assembler pdep(Gpr to, Gpr second, GprOrMem with) {
        return vex(isQuad(to, second, with), 0, 0xF20F38F5, to, second, with);
    }

    default Assembler pext(Gpr to, Gpr second, GprOrMem with) {
        return vex(isQuad(to, second, with), 0, 0xF30F38F5, to, second, with);
    }

    default Assembler mulx(Gpr to, Gpr second, GprOrMem with) {
        return vex(isQuad(to, second, with), 0, 0xF20F38F6, to, second, with);
    }

    default Assembler blsr(Gpr to, GprOrMem from) {
        return vex(isQuad(to, from), 0, 0x0F38F3, 1, to, from);
    }

    default Assembler blsmsk(Gpr to, GprOrMem from) {
        return vex(isQuad(to, from), 0, 0x0F38F3, 2, to, from);
    }

    default Assembler blsi(Gpr to, GprOrMem from) {
        return vex(isQuad(to, from), 0, 0x0F38F3, 3, to, from);
    }

    default Assembler rorx(Gpr to, GprOrMem from, int count) {
        return vex(isQuad(to, from), 0, 0xF20F3AF0, to, null, from, 1, count);
    }

    private static boolean isQuad(Gpr to, Gpr second, GprOrMem from) {
        return Values.width(to, second) == 64 & isQuad(to, from);
    }

    private static boolean isQuad(Gpr to, GprOrMem from) {
        return Values.quadWidth(Values.width(to, from)) == 64;
    }
}
