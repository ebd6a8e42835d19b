package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
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
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
    private static final int NARROW = StateBlock.LOWER_HALVES;
    private static final int WIDE = StateBlock.LOWER_HALVES | StateBlock.UPPER_HALVES;
    /** What a System V function must give back as it found it. */
    private static final Gpr[] PRESERVED = {RBX, RBP, R12, R13, R14, R15};

    private static final MethodHandle EXCHANGE = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
            Linker.Option.critical(false));

    private final MemorySegment entry;
    private final MemorySegment exchange;
    private final Label exit;
    private final Label loadVectors;
    private final Label loadWideVectors;
    private final int bytes;

    /** Puts itself at the start of the memory. */
    Gate(CodeMemory memory) {
        Assembler a = new Assembler(memory.address());
        entry = MemorySegment.ofAddress(a.here());
        appendEntry(a);
        exit = Label.at("exit", a.here());
        appendExit(a);
        loadVectors = Label.at("load vectors", a.here());
        appendLoadVectors(a, NARROW);
        loadWideVectors = Label.at("load wide vectors", a.here());
        appendLoadVectors(a, WIDE);
        exchange = MemorySegment.ofAddress(a.here());
        appendExchange(a);
        memory.write(memory.address(), a.toBytes());
        bytes = a.size();
    }

    /** To be jumped to by what leaves, with the {@link Exit} in RAX. */
    Label exit() {
        return exit;
    }

    /** To be called by what uses vector registers that are not loaded; returns with ZF clear if they must not be. */
    Label loadVectors() {
        return loadVectors;
    }

    /** The same for what uses the upper halves too. */
    Label loadWideVectors() {
        return loadWideVectors;
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
            return (int) EXCHANGE.invokeExact(exchange, address, operands) != 0;
        } catch (Throwable e) {
            throw new LinkageError("CMPXCHG16B", e);
        }
    }

    private static void appendExchange(Assembler a) {
        a.push(RBX).mov(RAX, Mem.mem(RSI)).mov(RDX, Mem.mem(RSI, 8)).mov(RBX, Mem.mem(RSI, 16)).mov(RCX, Mem.mem(RSI, 24));
        a.op(0, LOCK).cmpxchg16b(Mem.mem(RDI));
        a.mov(Mem.mem(RSI), RAX).mov(Mem.mem(RSI, 8), RDX).set(Cond.E, AL).movzx(EAX, AL).pop(RBX).ret();
    }

    private static void appendEntry(Assembler a) {
        for (Gpr register : PRESERVED) {
            a.push(register);
        }
        a.mov(RBP, RDI).mov(state(StateBlock.ENTRY, 64), RSI);
        Label scalar = new Label();
        a.cmp(state(StateBlock.VECTORS, 8), 0).jcc(Cond.E, scalar);
        moveVectorsIn(a);
        a.bind(scalar);
        Emission.loadFlags(a);
        for (int i = 0; i < HostRegisters.COUNT; i++) {
            if (HostRegisters.host(i) != null) {
                a.mov(HostRegisters.host(i), HostRegisters.slot(i, 64));
            }
        }
        a.jmp(state(StateBlock.ENTRY, 64));
    }

    private static void appendExit(Assembler a) {
        Label scalar = new Label();
        for (int i = 0; i < HostRegisters.COUNT; i++) {
            if (HostRegisters.host(i) != null) {
                a.mov(HostRegisters.slot(i, 64), HostRegisters.host(i));
            }
        }
        a.cmp(state(StateBlock.VECTORS, 8), 0).jcc(Cond.E, scalar);
        Label narrow = new Label();
        a.test(state(StateBlock.VECTORS, 8), StateBlock.UPPER_HALVES).jcc(Cond.E, narrow);
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
        for (int i = PRESERVED.length - 1; i >= 0; i--) {
            a.pop(PRESERVED[i]);
        }
        a.ret();
    }

    /**
     * @param parts {@link #NARROW} or {@link #WIDE}
     */
    private static void appendLoadVectors(Assembler a, int parts) {
        Label refused = new Label();
        a.mov(EAX, parts).and(AL, state(StateBlock.VECTORS_ALLOWED, 8)).cmp(AL, parts).jcc(Cond.NE, refused);
        Label loaded = new Label();
        a.test(state(StateBlock.VECTORS, 8), NARROW).jcc(Cond.NE, loaded);
        moveVectorsIn(a);
        a.bind(loaded);
        if (parts == WIDE) {
            moveUpperHalvesIn(a);
        }
        a.mov(state(StateBlock.VECTORS, 8), parts).cmp(AL, AL).bind(refused).ret();
    }

    /** All that {@link StateBlock#VECTORS} says, and MXCSR. */
    private static void moveVectorsIn(Assembler a) {
        for (int i = 0; i < 16; i++) {
            a.movaps(HostRegisters.xmm(i), state(StateBlock.XMM + 16 * i, 128));
        }
        a.stmxcsr(state(StateBlock.HOST_MXCSR, 32)).ldmxcsr(state(StateBlock.GUEST_MXCSR, 32));
        Label narrow = new Label();
        a.test(state(StateBlock.VECTORS, 8), StateBlock.UPPER_HALVES).jcc(Cond.E, narrow);
        moveUpperHalvesIn(a);
        a.bind(narrow);
    }

    private static void moveUpperHalvesIn(Assembler a) {
        for (int i = 0; i < 16; i++) {
            Xmm register = HostRegisters.xmm(i);
            a.vex(false, 1, VINSERTF128, register, register, state(StateBlock.YMM_HIGH + 16 * i, 128), 1, 1);
        }
    }
}
