package org.lodgevm.x86.decode;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.MandatoryPrefix;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.OperandType;
import org.lodgevm.x86.isa.Row;

/**
 * Decodes instructions as Intel's processors do, looking opcodes up in the table. A decoder serves one thread.
 *
 * <p>What can be judged from the bytes alone is judged here, LOCK and register numbers included; what depends on mode, privilege or
 * CPUID is left to the executor, which finds it in {@link Instruction#row}.
 *
 * @sdm Volume 2, chapter 2
 */
public final class Decoder {
  private static final OpcodeMaps MAPS = new OpcodeMaps(InstructionTable.rows());

  private static final int REX_W = 8;
  private static final int REX_R = 4;
  private static final int REX_X = 2;
  private static final int REX_B = 1;

  private static final int ESCAPE = 0x0F;
  private static final int ESCAPE_38 = 0x38;
  private static final int ESCAPE_3A = 0x3A;
  private static final int NOP = 0x90;
  private static final int VEX3 = 0xC4;
  private static final int VEX2 = 0xC5;

  private static final int BASE_SP = 4;
  private static final int BASE_BP = 5;
  private static final int SS = 2;
  private static final int DS = 3;
  private static final int FS = 4;
  private static final int LAST_SEGMENT = 5;
  private static final int CS = 1;

  /** CR0, CR2, CR3, CR4 and CR8. */
  private static final int CONTROL_REGISTERS = 0b1_0001_1101;

  /** The longest instruction and whatever a decoder might read beyond it, so that no read needs a check. */
  private static final int BUFFER_LENGTH = 48;

  private final byte[] bytes = new byte[BUFFER_LENGTH];
  private final OpcodeMaps maps = MAPS;
  private int at;
  private boolean mode64;
  private int vexMap;
  private int vexColumn;

  /**
   * Decodes the instruction that starts at {@code code[offset]}.
   *
   * @param available how many bytes from there on may be looked at; 15 always suffice
   * @param out gets the instruction; its content is undefined when the outcome is not {@link Outcome#DECODED}
   */
  public Outcome decode(byte[] code, int offset, int available, CodeSize size, Instruction out) {
    int count = Math.min(available, Instruction.MAX_LENGTH);
    System.arraycopy(code, offset, bytes, 0, count);
    at = 0;
    boolean defined = decode(size, out);
    if (at > count) {
      return count == Instruction.MAX_LENGTH ? Outcome.TOO_LONG : Outcome.TRUNCATED;
    }
    out.length = at;
    return defined ? Outcome.DECODED : Outcome.UNDEFINED;
  }

  /** Decodes as if bytes without end were there; {@link #at} then tells how many were needed. */
  private boolean decode(CodeSize size, Instruction out) {
    mode64 = size.is64();
    out.codeSize = size;
    out.addrSize = size.addressSize();
    out.vvvv = 0;
    out.vexL = 0;
    int opcode = prefixes(out);
    boolean vex = opcode == VEX3 || opcode == VEX2;
    if (vex && (mode64 || (bytes[at] & 0xFF) >= 0xC0)) {
      return decodeVex(opcode, out) && opcode(out, OpcodeMaps.VEX + out.vexL, vexMap, vexColumn);
    }
    int column = out.rep ? 2 : out.repne ? 3 : out.operandPrefix ? 1 : 0;
    at--;
    return opcode(out, OpcodeMaps.LEGACY, legacyMap(), column);
  }

  /** Reads the prefixes and the byte that follows them, which it returns. */
  private int prefixes(Instruction out) {
    out.rex = 0;
    out.lock = false;
    out.rep = false;
    out.repne = false;
    out.operandPrefix = false;
    out.dsPrefix = false;
    out.segmentOverride = Instruction.NONE;
    while (true) {
      int b = bytes[at++] & 0xFF;
      if (mode64 && (b & 0xF0) == 0x40) {
        out.rex = b;
      } else if (at > Instruction.MAX_LENGTH || !Prefixes.isPrefix(b)) {
        return b;
      } else {
        // A REX prefix counts only directly before the opcode.
        out.rex = 0;
        prefix(b, out);
      }
    }
  }

  private void prefix(int b, Instruction out) {
    switch (b) {
      case Prefixes.OPERAND_SIZE -> out.operandPrefix = true;
      case Prefixes.ADDRESS_SIZE -> out.addrSize = out.codeSize.otherAddressSize();
      case Prefixes.LOCK -> out.lock = true;
      case Prefixes.REP -> {
        out.rep = true;
        out.repne = false;
      }
      case Prefixes.REPNE -> {
        out.repne = true;
        out.rep = false;
      }
      default -> {
        int segment = Prefixes.segment(b);
        out.dsPrefix = segment == DS;
        if (!mode64 || segment >= FS) {
          out.segmentOverride = segment;
        }
      }
    }
  }

  private int legacyMap() {
    if ((bytes[at] & 0xFF) != ESCAPE) {
      return 0;
    }
    at++;
    int second = bytes[at] & 0xFF;
    if (second == ESCAPE_38 || second == ESCAPE_3A) {
      at++;
      return second == ESCAPE_38 ? 2 : 3;
    }
    return 1;
  }

  /** Reads a VEX prefix, whose first byte has been read; false when it makes the instruction undefined. */
  private boolean decodeVex(int first, Instruction out) {
    if (out.rex != 0 || out.operandPrefix || out.rep || out.repne || out.lock) {
      return false;
    }
    int second = bytes[at++];
    int last = second;
    int rex = 0;
    vexMap = 1;
    if (first == VEX3) {
      vexMap = second & 0x1F;
      last = bytes[at++];
      rex = (last < 0 ? REX_W : 0) | (~second >> 5 & (REX_X | REX_B));
    }
    rex |= second < 0 ? 0 : REX_R;
    // Outside of 64-bit mode B is ignored and W is part of the opcode at most; R and X are 0 there, or this were LES or LDS.
    out.rex = 0x40 | (mode64 ? rex : rex & REX_W);
    out.vvvv = ~last >> 3 & (mode64 ? 15 : 7);
    out.vexL = last >> 2 & 1;
    vexColumn = last & 3;
    return vexMap >= 1 && vexMap <= 3;
  }

  private boolean opcode(Instruction out, int space, int map, int column) {
    int opcode = bytes[at++] & 0xFF;
    out.opcode = opcode;
    int rex = out.rex;
    OpcodeMaps.Page page = maps.page(space, mode64, rex >> 3 & 1, map, column);
    if (page == null) {
      return false;
    }
    if (opcode == NOP && map == 0 && (rex & REX_B) != 0) {
      // XCHG R8,rAX; the only opcode that a bit of REX other than W distinguishes.
      opcode++;
    }
    Row row = page.rows[opcode];
    if (row == null) {
      Row[] group = page.groups[opcode];
      if (group == null) {
        return false;
      }
      row = group[OpcodeMaps.modrmEntry(bytes[at] & 0xFF)];
      if (row == null) {
        at++;
        return false;
      }
    }
    return operands(out, row);
  }

  private boolean operands(Instruction out, Row row) {
    out.row = row;
    out.opSize = operandSize(out, row);
    out.memory = false;
    out.ripRelative = false;
    out.base = Instruction.NONE;
    out.index = Instruction.NONE;
    out.scale = 0;
    out.disp = 0;
    out.defaultSegment = DS;
    out.mod = 0;
    out.reg = 0;
    out.rm = out.opcode & 7 | (out.rex & REX_B) << 3;
    if (row.encoding().hasModrm()) {
      modrm(out, row);
    }
    out.imm = 0;
    out.imm2 = 0;
    if (row.immediate() != null) {
      immediates(out, row);
    }
    return isDefined(out, row);
  }

  /** Effective operand size. Like Intel's processors, and unlike AMD's, near branches ignore 66 in 64-bit mode. */
  private int operandSize(Instruction out, Row row) {
    boolean other = out.operandPrefix && row.encoding().prefix() != MandatoryPrefix.P66;
    if (mode64) {
      if ((out.rex & REX_W) != 0 || row.has(Attribute.F64)) {
        return 8;
      }
      return other ? 2 : row.has(Attribute.D64) ? 8 : 4;
    }
    return row.encoding().vex() || other == (out.codeSize == CodeSize.BITS_16) ? 4 : 2;
  }

  private void modrm(Instruction out, Row row) {
    int modrm = bytes[at++] & 0xFF;
    int rex = out.rex;
    out.mod = modrm >> 6;
    out.reg = modrm >> 3 & 7 | (rex & REX_R) << 1;
    out.rm = modrm & 7 | (rex & REX_B) << 3;
    if (out.mod == 3 || !row.encoding().forms().allowsMemory()) {
      return;
    }
    out.memory = true;
    if (out.addrSize == 2) {
      address16(out, modrm & 7);
    } else {
      address(out, modrm & 7);
    }
  }

  /** @sdm Volume 2, table 2-1 */
  private void address16(Instruction out, int rm) {
    if (out.mod == 0 && rm == 6) {
      out.disp = word();
      return;
    }
    out.base = Prefixes.BASE_16[rm];
    out.index = Prefixes.INDEX_16[rm];
    if (out.base == BASE_BP) {
      out.defaultSegment = SS;
    }
    out.disp = out.mod == 0 ? 0 : out.mod == 1 ? bytes[at++] : word();
  }

  /** @sdm Volume 2, tables 2-2 and 2-3 */
  private void address(Instruction out, int rm) {
    int rex = out.rex;
    int base = rm;
    if (rm == BASE_SP) {
      int sib = bytes[at++] & 0xFF;
      base = sib & 7;
      int index = sib >> 3 & 7 | (rex & REX_X) << 2;
      if (index != BASE_SP) {
        out.index = index;
        out.scale = sib >> 6;
      }
    } else if (rm == BASE_BP && out.mod == 0) {
      out.ripRelative = mode64;
    }
    if (base == BASE_BP && out.mod == 0) {
      out.disp = dword();
      return;
    }
    base |= (rex & REX_B) << 3;
    out.base = base;
    if (base == BASE_SP || base == BASE_BP) {
      out.defaultSegment = SS;
    }
    out.disp = out.mod == 0 ? 0 : out.mod == 1 ? bytes[at++] : dword();
  }

  private void immediates(Instruction out, Row row) {
    Operand operand = row.immediate();
    OperandType type = operand.type();
    switch (operand.method()) {
      case A -> {
        out.imm = out.opSize == 2 ? word() & 0xFFFF : dword() & 0xFFFF_FFFFL;
        out.imm2 = word() & 0xFFFF;
      }
      case O -> {
        out.memory = true;
        out.disp = moffs(out.addrSize);
      }
      case L -> out.imm = bytes[at++] & 0xFF;
      case I, J -> out.imm = immediate(operand, type.width(out.opSize, 0));
      default -> throw new IllegalStateException(row.toString());
    }
    if (row.secondImmediate() != null) {
      out.imm2 = bytes[at++] & 0xFF;
    }
  }

  private long immediate(Operand operand, int width) {
    return switch (width) {
      case 1 -> operand == Operand.Ib ? bytes[at++] & 0xFF : bytes[at++];
      case 2 -> operand == Operand.Iw ? word() & 0xFFFF : word();
      case 4 -> dword();
      default -> qword();
    };
  }

  private long moffs(int addrSize) {
    return switch (addrSize) {
      case 2 -> word() & 0xFFFF;
      case 4 -> dword() & 0xFFFF_FFFFL;
      default -> qword();
    };
  }

  private static boolean isDefined(Instruction out, Row row) {
    if (out.lock && !(out.memory && row.has(Attribute.LOCK))) {
      return false;
    }
    AddressingMethod method = row.regMethod();
    if (method == AddressingMethod.S) {
      int segment = out.reg & 7;
      boolean loads = row.operand(0) == Operand.Sw;
      return segment <= LAST_SEGMENT && !(loads && segment == CS);
    }
    if (method == AddressingMethod.C) {
      return (CONTROL_REGISTERS >> out.reg & 1) != 0;
    }
    if (method == AddressingMethod.D) {
      return out.reg < 8;
    }
    return !row.encoding().vex() || row.usesVvvv() || out.vvvv == 0;
  }

  private int word() {
    int value = bytes[at] & 0xFF | bytes[at + 1] << 8;
    at += 2;
    return value;
  }

  private int dword() {
    int value =
        bytes[at] & 0xFF
            | (bytes[at + 1] & 0xFF) << 8
            | (bytes[at + 2] & 0xFF) << 16
            | bytes[at + 3] << 24;
    at += 4;
    return value;
  }

  private long qword() {
    long low = dword() & 0xFFFF_FFFFL;
    return low | (long) dword() << 32;
  }
}
