package org.lodgevm.x86.asm;

/** Shifts, rotations, bit tests and bit fields. */
public sealed interface Bits extends Emitter permits Assembler {
  default Assembler rol(Rm operand, int count) {
    return shift(0, operand, count);
  }

  /** By the count in CL. */
  default Assembler rolCl(Rm operand) {
    return shiftByCl(0, operand);
  }

  default Assembler ror(Rm operand, int count) {
    return shift(1, operand, count);
  }

  /** By the count in CL. */
  default Assembler rorCl(Rm operand) {
    return shiftByCl(1, operand);
  }

  default Assembler rcl(Rm operand, int count) {
    return shift(2, operand, count);
  }

  /** By the count in CL. */
  default Assembler rclCl(Rm operand) {
    return shiftByCl(2, operand);
  }

  default Assembler rcr(Rm operand, int count) {
    return shift(3, operand, count);
  }

  /** By the count in CL. */
  default Assembler rcrCl(Rm operand) {
    return shiftByCl(3, operand);
  }

  default Assembler shl(Rm operand, int count) {
    return shift(4, operand, count);
  }

  /** By the count in CL. */
  default Assembler shlCl(Rm operand) {
    return shiftByCl(4, operand);
  }

  default Assembler shr(Rm operand, int count) {
    return shift(5, operand, count);
  }

  /** By the count in CL. */
  default Assembler shrCl(Rm operand) {
    return shiftByCl(5, operand);
  }

  default Assembler sar(Rm operand, int count) {
    return shift(7, operand, count);
  }

  /** By the count in CL. */
  default Assembler sarCl(Rm operand) {
    return shiftByCl(7, operand);
  }

  private Assembler shift(int operation, Rm operand, int count) {
    int width = Values.width(operand);
    return count == 1
        ? op(width, 0xD0 | Values.wide(width), operation, operand)
        : op(width, 0xC0 | Values.wide(width), operation, operand, 1, Values.check(count, 8));
  }

  private Assembler shiftByCl(int operation, Rm operand) {
    int width = Values.width(operand);
    return op(width, 0xD2 | Values.wide(width), operation, operand);
  }

  default Assembler shld(Rm to, Gpr from, int count) {
    return op(Values.width(to, from), 0x0FA4, from, to, 1, Values.check(count, 8));
  }

  /** By the count in CL. */
  default Assembler shldCl(Rm to, Gpr from) {
    return op(Values.width(to, from), 0x0FA5, from, to);
  }

  default Assembler shrd(Rm to, Gpr from, int count) {
    return op(Values.width(to, from), 0x0FAC, from, to, 1, Values.check(count, 8));
  }

  /** By the count in CL. */
  default Assembler shrdCl(Rm to, Gpr from) {
    return op(Values.width(to, from), 0x0FAD, from, to);
  }

  default Assembler bt(Rm field, Gpr index) {
    return op(Values.width(field, index), 0x0FA3, index, field);
  }

  default Assembler bt(Rm field, int index) {
    return op(Values.width(field), 0x0FBA, 4, field, 1, Values.check(index, 8));
  }

  default Assembler bts(Rm field, Gpr index) {
    return op(Values.width(field, index), 0x0FAB, index, field);
  }

  default Assembler bts(Rm field, int index) {
    return op(Values.width(field), 0x0FBA, 5, field, 1, Values.check(index, 8));
  }

  default Assembler btr(Rm field, Gpr index) {
    return op(Values.width(field, index), 0x0FB3, index, field);
  }

  default Assembler btr(Rm field, int index) {
    return op(Values.width(field), 0x0FBA, 6, field, 1, Values.check(index, 8));
  }

  default Assembler btc(Rm field, Gpr index) {
    return op(Values.width(field, index), 0x0FBB, index, field);
  }

  default Assembler btc(Rm field, int index) {
    return op(Values.width(field), 0x0FBA, 7, field, 1, Values.check(index, 8));
  }

  default Assembler bsf(Gpr to, Rm from) {
    return op(Values.width(to, from), 0x0FBC, to, from);
  }

  default Assembler bsr(Gpr to, Rm from) {
    return op(Values.width(to, from), 0x0FBD, to, from);
  }

  default Assembler popcnt(Gpr to, Rm from) {
    return op(Values.width(to, from), 0xF30FB8, to, from);
  }

  default Assembler tzcnt(Gpr to, Rm from) {
    return op(Values.width(to, from), 0xF30FBC, to, from);
  }

  default Assembler lzcnt(Gpr to, Rm from) {
    return op(Values.width(to, from), 0xF30FBD, to, from);
  }

  /** Accumulates a CRC-32C; {@code from} alone tells the width. */
  default Assembler crc32(Gpr to, Rm from) {
    int width = Values.width(from);
    return op(
        width == 8 && to.bits() == 64 ? 64 : width, 0xF20F38F0 | Values.wide(width), to, from);
  }

  default Assembler andn(Gpr to, Gpr inverted, Rm with) {
    return vex(isQuad(to, with), 0, 0x0F38F2, to, inverted, with);
  }

  default Assembler bextr(Gpr to, Rm from, Gpr control) {
    return vex(isQuad(to, from), 0, 0x0F38F7, to, control, from);
  }

  default Assembler bzhi(Gpr to, Rm from, Gpr control) {
    return vex(isQuad(to, from), 0, 0x0F38F5, to, control, from);
  }

  default Assembler sarx(Gpr to, Rm from, Gpr control) {
    return vex(isQuad(to, from), 0, 0xF30F38F7, to, control, from);
  }

  default Assembler shlx(Gpr to, Rm from, Gpr control) {
    return vex(isQuad(to, from), 0, 0x660F38F7, to, control, from);
  }

  default Assembler shrx(Gpr to, Rm from, Gpr control) {
    return vex(isQuad(to, from), 0, 0xF20F38F7, to, control, from);
  }

  default Assembler pdep(Gpr to, Gpr second, Rm with) {
    return vex(isQuad(to, with), 0, 0xF20F38F5, to, second, with);
  }

  default Assembler pext(Gpr to, Gpr second, Rm with) {
    return vex(isQuad(to, with), 0, 0xF30F38F5, to, second, with);
  }

  default Assembler mulx(Gpr to, Gpr second, Rm with) {
    return vex(isQuad(to, with), 0, 0xF20F38F6, to, second, with);
  }

  default Assembler blsr(Gpr to, Rm from) {
    return vex(isQuad(to, from), 0, 0x0F38F3, 1, to, from);
  }

  default Assembler blsmsk(Gpr to, Rm from) {
    return vex(isQuad(to, from), 0, 0x0F38F3, 2, to, from);
  }

  default Assembler blsi(Gpr to, Rm from) {
    return vex(isQuad(to, from), 0, 0x0F38F3, 3, to, from);
  }

  default Assembler rorx(Gpr to, Rm from, int count) {
    return vex(isQuad(to, from), 0, 0xF20F3AF0, to, null, from, 1, count);
  }

  private static boolean isQuad(Gpr to, Rm from) {
    return Values.width(to, from) == 64;
  }
}
