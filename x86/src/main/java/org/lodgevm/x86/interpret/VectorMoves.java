package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RDX;

import java.lang.reflect.Method;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.simd.MmxShuffle;
import org.lodgevm.x86.simd.StringCompare;
import org.lodgevm.x86.simd.XmmMove;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;

/** Moves between vector registers, memory and general registers, and those instructions that have a shape of their own. */
final class VectorMoves {
    private static final int RCX = 1;
    private static final int RDI = 7;

    private VectorMoves() {}

    // --- binding of moves ----------------------------------------------------------------------------------------------------

    /** The op of a move; null if the instruction is something else. */
    static Op bind(Instruction in, String name) {
        return switch (name) {
            case "movaps", "movapd", "movdqa", "movups", "movupd", "movdqu", "lddqu", "movntps", "movntpd", "movntdq",
                "movntdqa" -> whole(in);
            case "movd", "movq", "movntq", "movq2dq", "movdq2q" -> move(in, read(in, 8 * in.width(1)), extend(in));
            case "movss", "movsd" -> scalar(in, name.equals("movss") ? 32 : 64);
            case "movlps", "movlpd" -> in.isMemory(0) ? move(in, "regLow64", "toMemory64") : move(in, "memory64", "toRegLow64");
            case "movhps", "movhpd" -> in.isMemory(0) ? move(in, "regHigh64", "toMemory64") : move(in, "memory64", "toRegHigh64");
            case "movlhps" -> move(in, "rmLow64", "toRegHigh64");
            case "movhlps" -> move(in, "rmHigh64", "toRegLow64");
            default -> null;
        };
    }

    private static Op whole(Instruction in) {
        String aligned = in.row().alignsMemory() ? "Aligned16" : "16";
        String method;
        if (in.isMemory()) {
            method = (in.isMemory(0) ? "store" : "load") + aligned;
        } else {
            method = in.row().operand(0).method() == AddressingMethod.V ? "toReg" : "toRm";
        }
        return Specializer.op(VectorTemplates.MoveWhole.class, 0, "available", VectorBinder.available(in), "move",
                VectorOperands.named(method));
    }

    /** To memory and from it these move so many bits; between registers they leave the rest of the destination alone. */
    private static Op scalar(Instruction in, int bits) {
        if (in.isMemory()) {
            return move(in, read(in, bits), extend(in));
        }
        String to = in.row().operand(0).method() == AddressingMethod.V ? "toReg" : "toRm";
        return move(in, read(in, bits), to + "Low" + bits);
    }

    /** The accessor of so many bits of the source. */
    static String read(Instruction in, int bits) {
        if (in.isMemory(1)) {
            return "memory" + bits;
        }
        return switch (in.row().operand(1).method()) {
            case E -> "rm" + bits;
            case V, P -> "regLow" + bits;
            default -> "rmLow" + bits;
        };
    }

    /** Where to; what is above the value in a register is cleared. */
    static String extend(Instruction in) {
        if (in.isMemory(0)) {
            return "toMemory" + 8 * in.width(0);
        }
        return switch (in.row().operand(0).method()) {
            case V -> "toRegExtended";
            case W -> "toRmExtended";
            case P -> "toRegLow64";
            case Q -> "toRmLow64";
            default -> "toRm64";
        };
    }

    private static Op move(Instruction in, String from, String to) {
        return Specializer.op(VectorTemplates.Move.class, 0, "available", VectorBinder.available(in), "first",
                accessor(from), "store", accessor(to), "settled", VectorBinder.settled(in));
    }

    static Method accessor(String name) {
        Method method = Semantics.operand(name);
        return method != null ? method : VectorOperands.named(name);
    }

    // --- masked stores -------------------------------------------------------------------------------------------------------

    static void maskmovdqu(Cpu c, Op o) {
        Units.vector(c, o);
        storeBytes(c, o, XmmMove.maskmovdqu(c.block + o.rm), 16);
    }

    static void maskmovq(Cpu c, Op o) {
        Units.mmx(c);
        storeBytes(c, o, MmxShuffle.maskmovq(c.block + o.rm), 8);
        c.x87.enterMmx();
    }

    /** Stores at [rDI] those bytes of a register that {@code selected} has a bit for. */
    private static void storeBytes(Cpu c, Op o, int selected, int size) {
        long la = c.linear(o.segment, c.gpr(RDI) & o.addressMask(), size, true);
        SlowMemory.checkAlignment(c, la, 8);
        if (selected == 0) {
            return;
        }
        int first = Integer.numberOfTrailingZeros(selected);
        int end = Integer.SIZE - Integer.numberOfLeadingZeros(selected);
        SlowMemory.checkWrite(c, la + first, end - first, o.segment);
        for (int i = first; i < end; i++) {
            if ((selected >> i & 1) != 0) {
                Linear.write8(c, la + i, o.segment, get8(c.block + o.reg + i));
            }
        }
    }

    // --- control -------------------------------------------------------------------------------------------------------------

    static void ldmxcsr(Cpu c, Op o) {
        Units.vector(c, o);
        int value = Linear.read32(c, o.linear(c, 4, false), o.segment);
        if (!Sse.isValidMxcsr(value)) {
            throw c.protection();
        }
        c.sse.mxcsr = value;
    }

    static void stmxcsr(Cpu c, Op o) {
        Units.vector(c, o);
        Linear.write32(c, o.linear(c, 4, true), o.segment, c.sse.mxcsr);
    }

    /** Like every MMX instruction it first makes TOP 0. @sdm table 12-1 */
    static void emms(Cpu c, Op o) {
        Units.mmx(c);
        c.x87.enterMmx();
        c.x87.emptyAll();
    }

    // --- text ----------------------------------------------------------------------------------------------------------------

    static void pcmpistri(Cpu c, Op o) {
        long src = textOperand(c, o);
        index(c, StringCompare.pcmpistri(c.block + o.reg, src, (int) o.imm));
    }

    static void pcmpestri(Cpu c, Op o) {
        long src = textOperand(c, o);
        index(c, StringCompare.pcmpestri(c.block + o.reg, src, (int) o.imm, length(c, o, RAX), length(c, o, RDX)));
    }

    static void pcmpistrm(Cpu c, Op o) {
        long src = textOperand(c, o);
        Flags.status(c, StringCompare.pcmpistrm(c.block + o.reg, src, (int) o.imm, c.block + StateBlock.XMM));
    }

    static void pcmpestrm(Cpu c, Op o) {
        long src = textOperand(c, o);
        Flags.status(c, StringCompare.pcmpestrm(c.block + o.reg, src, (int) o.imm, length(c, o, RAX), length(c, o, RDX),
                c.block + StateBlock.XMM));
    }

    private static long textOperand(Cpu c, Op o) {
        Units.vector(c, o);
        return o.instruction.isMemory() ? VectorOperands.copied16(o, c) : c.block + o.rm;
    }

    private static long length(Cpu c, Op o, int register) {
        long value = c.register(register, 8);
        return o.instruction.opSize() == 8 ? value : (int) value;
    }

    private static void index(Cpu c, int indexAndFlags) {
        c.gpr(RCX, indexAndFlags >>> StringCompare.INDEX_SHIFT);
        Flags.status(c, indexAndFlags & Rflags.STATUS);
    }
}
