package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.R12;
import static org.lodgevm.x86.asm.Gpr.R13;
import static org.lodgevm.x86.asm.Gpr.R14;
import static org.lodgevm.x86.asm.Gpr.R15;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBP;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.asm.Xmm;
import org.lodgevm.x86.state.StateBlock;

/** The way into translated code and out of it: between the JVM's registers and the guest's. */
final class Gate {
    private static final MethodHandle ENTER = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final int LOCK = 0xF0;
    private static final int VINSERTF128 = 0x660F3A18;
    private static final int VEXTRACTF128 = 0x660F3A19;
    /** Parts of vector registers: XMM; all of YMM. */
    static final int NARROW = StateBlock.LOWER_HALVES;
    static final int WIDE = StateBlock.LOWER_HALVES | StateBlock.UPPER_HALVES;
    static final int X87 = StateBlock.X87_REGISTERS;
    /** XSAVE and XRSTOR of 64 bits: their digits. */
    private static final int XSAVE_AREA = 0x0FAE;
    private static final int XSAVE = 4;
    private static final int XRSTOR = 5;
    private static final int X87_COMPONENT = 1;
    private static final int HEADER = StateBlock.IMAGE + 512;
    private static final int HEADER_BYTES = 64;
    /** In an image, and in the unit's own area: status, tags, and the registers in slots of 16 bytes. */
    private static final int STATUS = 2;
    private static final int TAGS = 4;
    private static final int SLOTS = 32;
    private static final int TOP_SHIFT = 11;
    private static final int FNINIT = 0xDBE3;
    /** What a System V function must give back as it found it. */
    private static final Gpr[] PRESERVED = {RBX, RBP, R12, R13, R14, R15};

    /** Linked when it is first needed: that takes milliseconds. */
    private static final class Exchange {
        static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                Linker.Option.critical(false));
    }

    private final MemorySegment entry;
    private final MemorySegment exchange;
    private final Label exit;
    private final Label returnElsewhere;
    private final Map<Integer, Label> loads = new HashMap<>();
    private final Refill refill;
    private final int bytes;

    /** Puts itself at the start of the memory. */
    Gate(CodeMemory memory) {
        Assembler a = new Assembler(memory.address());
        entry = MemorySegment.ofAddress(a.here());
        Label bottom = new Label();
        appendEntry(a, bottom);
        exit = Label.at("exit", a.here());
        appendExit(a);
        ReturnAddresses.appendBottom(a, bottom, exit);
        returnElsewhere = Label.at("return elsewhere", a.here());
        ReturnAddresses.appendElsewhere(a);
        Jumps.appendFind(a, exit);
        for (int parts : new int[] {NARROW, WIDE, X87}) {
            loads.put(parts, Label.at("load " + parts, a.here()));
            appendLoad(a, parts, exit);
        }
        refill = new Refill(a, exit);
        exchange = MemorySegment.ofAddress(a.here());
        appendExchange(a);
        memory.write(memory.address(), a.toBytes());
        bytes = a.size();
    }

    /** Has the host's function linked by which code is entered. */
    static void link() {
        assert ENTER != null; // which it is from when this class was initialized
    }

    /** To be called by what leaves, with the {@link Exit} behind the call. */
    Label exit() {
        return exit;
    }

    /**
     * To be called by what uses a unit whose registers are not loaded; leaves, as {@link #leave} does, if they must not be. Uses RAX.
     *
     * @param parts {@link #NARROW}, {@link #WIDE} or {@link #X87}
     */
    Label load(int parts) {
        return loads.get(parts);
    }

    /** @see Emission#refill */
    Label refill(int regime, boolean write, boolean checked) {
        return refill.label(regime, write, checked);
    }

    /** @see Emission#returnElsewhere */
    Label returnElsewhere() {
        return returnElsewhere;
    }

    int bytes() {
        return bytes;
    }

    /**
     * @param state where {@link StateBlock#BASE} is
     * @return the {@link Exit}
     */
    long enter(long state, long code) {
        try {
            return (long) ENTER.invokeExact(entry, state, code);
        } catch (Throwable e) {
            throw new LinkageError("translated code", e);
        }
    }

    /** @see Translator#compareAndExchange16 */
    boolean compareAndExchange16(long address, long operands) {
        try {
            return (int) Exchange.HANDLE.invokeExact(exchange, address, operands) != 0;
        } catch (Throwable e) {
            throw new LinkageError("CMPXCHG16B", e);
        }
    }

    private static void appendExchange(Assembler a) {
        a.push(RBX).mov(RAX, Mem.mem(RSI)).mov(RDX, Mem.mem(RSI, 8)).mov(RBX, Mem.mem(RSI, 16)).mov(RCX, Mem.mem(RSI, 24));
        a.op(0, LOCK).cmpxchg16b(Mem.mem(RDI));
        a.mov(Mem.mem(RSI), RAX).mov(Mem.mem(RSI, 8), RDX).set(Cond.E, AL).movzx(EAX, AL).pop(RBX).ret();
    }

    private static void appendEntry(Assembler a, Label bottom) {
        for (Gpr register : PRESERVED) {
            a.push(register);
        }
        a.mov(RBP, RDI).mov(state(StateBlock.ENTRY, 64), RSI);
        Label scalar = new Label();
        a.test(state(StateBlock.UNITS, 8), NARROW).jcc(Cond.E, scalar);
        moveVectorsIn(a);
        a.bind(scalar);
        Label integer = new Label();
        a.test(state(StateBlock.UNITS, 8), X87).jcc(Cond.E, integer);
        moveX87In(a);
        a.bind(integer);
        ReturnAddresses.begin(a, bottom);
        Emission.loadFlags(a);
        for (int i = 0; i < HostRegisters.COUNT; i++) {
            if (HostRegisters.host(i) != null) {
                a.mov(HostRegisters.host(i), HostRegisters.slot(i, 64));
            }
        }
        a.jmp(state(StateBlock.ENTRY, 64));
    }

    /** Part of a subroutine behind whose call lie a jump, and what describes the exit that this leaves with. */
    static void leave(Assembler a, Label exit) {
        a.add(Mem.mem(RSP).bits(64), Exit.JUMP_BYTES).jmp(exit);
    }

    private static void appendExit(Assembler a) {
        Label flagsInBlock = new Label();
        a.pop(RAX).movzx(ECX, Mem.mem(RAX, Exit.FLAGS).bits(16)).test(ECX, ECX).jcc(Cond.E, flagsInBlock);
        a.push(RAX).add(RCX, RAX).movzx(EAX, Mem.mem(RAX, Exit.REGION).bits(16)).sub(RCX, RAX).call(RCX);
        Emission.storeFlags(a);
        a.pop(RAX).bind(flagsInBlock);
        ReturnAddresses.end(a);
        Label scalar = new Label();
        for (int i = 0; i < HostRegisters.COUNT; i++) {
            if (HostRegisters.host(i) != null) {
                a.mov(HostRegisters.slot(i, 64), HostRegisters.host(i));
            }
        }
        a.test(state(StateBlock.UNITS, 8), NARROW).jcc(Cond.E, scalar);
        Label narrow = new Label();
        a.test(state(StateBlock.UNITS, 8), StateBlock.UPPER_HALVES).jcc(Cond.E, narrow);
        for (int i = 0; i < 16; i++) {
            a.vex(false, 1, VEXTRACTF128, HostRegisters.xmm(i), null, state(StateBlock.YMM_HIGH + 16 * i, 128), 1, 1);
        }
        Vectors.zeroUpper(a);
        a.bind(narrow);
        for (int i = 0; i < 16; i++) {
            a.movaps(state(StateBlock.XMM + 16 * i, 128), HostRegisters.xmm(i));
        }
        a.stmxcsr(state(StateBlock.GUEST_MXCSR, 32)).ldmxcsr(state(StateBlock.HOST_MXCSR, 32));
        a.bind(scalar);
        Label integer = new Label();
        a.test(state(StateBlock.UNITS, 8), X87).jcc(Cond.E, integer);
        moveX87Out(a);
        a.bind(integer);
        for (int i = PRESERVED.length - 1; i >= 0; i--) {
            a.pop(PRESERVED[i]);
        }
        a.ret();
    }

    private static void appendLoad(Assembler a, int parts, Label exit) {
        Label refused = new Label();
        a.mov(EAX, parts).and(AL, state(StateBlock.UNITS_ALLOWED, 8)).cmp(AL, parts).jcc(Cond.NE, refused);
        if (parts == X87) {
            moveX87In(a);
        } else {
            Label loaded = new Label();
            a.test(state(StateBlock.UNITS, 8), NARROW).jcc(Cond.NE, loaded);
            moveVectorsIn(a);
            a.bind(loaded);
            if (parts == WIDE) {
                moveUpperHalvesIn(a);
            }
        }
        a.or(state(StateBlock.UNITS, 8), parts).ret().bind(refused);
        leave(a, exit);
    }

    /** All of them that {@link StateBlock#UNITS} names, and MXCSR. */
    private static void moveVectorsIn(Assembler a) {
        for (int i = 0; i < 16; i++) {
            a.movaps(HostRegisters.xmm(i), state(StateBlock.XMM + 16 * i, 128));
        }
        a.stmxcsr(state(StateBlock.HOST_MXCSR, 32)).ldmxcsr(state(StateBlock.GUEST_MXCSR, 32));
        Label narrow = new Label();
        a.test(state(StateBlock.UNITS, 8), StateBlock.UPPER_HALVES).jcc(Cond.E, narrow);
        moveUpperHalvesIn(a);
        a.bind(narrow);
    }

    private static void moveUpperHalvesIn(Assembler a) {
        for (int i = 0; i < 16; i++) {
            Xmm register = HostRegisters.xmm(i);
            a.vex(false, 1, VINSERTF128, register, register, state(StateBlock.YMM_HIGH + 16 * i, 128), 1, 1);
        }
    }

    // The unit's own area has the registers by their numbers, an image has them from the stack's top on.

    private static void moveX87In(Assembler a) {
        a.push(RDX).push(RCX).fnstcw(state(StateBlock.HOST_FCW, 16));
        a.mov(RAX, state(StateBlock.X87, 64)).mov(state(StateBlock.IMAGE, 64), RAX);
        a.xor(EDX, EDX);
        for (int i = 8; i < HEADER_BYTES; i += 8) {
            a.mov(state(HEADER + i, 64), RDX);
        }
        a.mov(state(HEADER, 64), X87_COMPONENT);
        copyRegisters(a, true);
        a.mov(EAX, X87_COMPONENT).op(64, XSAVE_AREA, XRSTOR, state(StateBlock.IMAGE, 64)).pop(RCX).pop(RDX);
    }

    /** Changes general registers but RAX. */
    private static void moveX87Out(Assembler a) {
        a.mov(RSI, RAX).xor(EDX, EDX).mov(EAX, X87_COMPONENT).op(64, XSAVE_AREA, XSAVE, state(StateBlock.IMAGE, 64));
        a.op(0, FNINIT).fldcw(state(StateBlock.HOST_FCW, 16));
        a.mov(EAX, state(StateBlock.IMAGE, 32)).mov(state(StateBlock.X87, 32), EAX);
        a.mov(AL, state(StateBlock.IMAGE + TAGS, 8)).mov(state(StateBlock.X87 + TAGS, 8), AL);
        copyRegisters(a, false);
        a.mov(RAX, RSI);
    }

    /** From the unit's own area to the image, or back. Uses RAX and RCX, which is where a register is in the own area. */
    private static void copyRegisters(Assembler a, boolean toImage) {
        a.movzx(ECX, state((toImage ? StateBlock.X87 : StateBlock.IMAGE) + STATUS, 16));
        a.shr(ECX, TOP_SHIFT).and(ECX, 7).shl(ECX, 4);
        for (int i = 0; i < 8; i++) {
            for (int half = 0; half < 16; half += 8) {
                Mem own = state(StateBlock.X87 + SLOTS + half, RCX, 1, 64);
                Mem image = state(StateBlock.IMAGE + SLOTS + 16 * i + half, 64);
                a.mov(RAX, toImage ? own : image).mov(toImage ? image : own, RAX);
            }
            a.add(ECX, 16).and(ECX, 7 * 16);
        }
    }
}
