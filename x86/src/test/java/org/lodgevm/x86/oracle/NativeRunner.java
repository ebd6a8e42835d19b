package org.lodgevm.x86.oracle;

import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.LE;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.*;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem16;
import static org.lodgevm.x86.asm.Mem.mem32;

import java.util.Arrays;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.ElfWriter;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;

/**
 * The child process: a static ELF that runs batches of cases on the real CPU.
 *
 * <p>It maps the file given as its argument, then for each count that it reads from standard input
 * runs so many cases and answers with a byte. A case is entered by IRETQ, which sets RIP, RFLAGS,
 * RSP, CS and SS at once, needs no memory of the case, and serializes, so that the code just
 * written through another mapping is seen. It ends at {@link Layout#EXIT}, or in a handler on an
 * alternate stack when the CPU raised an exception. The handler never returns: it stores what it
 * was told and goes on with the next case.
 *
 * <p>A timer counting the child's own time ends cases that run for ever; a seccomp filter turns
 * system calls made by cases into signals.
 */
final class NativeRunner {
    /** Where the shared file is mapped. */
    static final long SHARED = 0x2700_0000L;

    /** Where the code pages can be written. */
    static final long CODE_ALIAS = 0x2F00_0000L;

    private static final long PRIVATE_BYTES = 0x10_0000;
    private static final int CLEAN_FLAGS = 2;
    private static final int STACK_BYTES = 0x4000;
    static final int SIGNAL_STACK_BYTES = 0x10000;

    final SharedFile.Plan plan;
    private final boolean fsgsbase;
    private final boolean avx;
    final Assembler a = new Assembler(Layout.EXIT);
    private final CaseCode cases;

    final Label start = new Label("start");
    final Label fail = new Label("fail");
    final Label nextBatch = new Label("nextBatch");
    private final Label run = new Label("run");
    private final Label store = new Label("store");
    final Label fault = new Label("fault");
    private final Label interrupted = new Label("interrupted");
    final Label tick = new Label("tick");
    final Label restorer = new Label("restorer");
    final Label textEnd = new Label("textEnd");

    private final Label serial = new Label("serial");
    private final Label lastSerial = new Label("lastSerial");
    private final Label savedRsp = new Label("savedRsp");
    final Label stackTop = new Label("stackTop");
    final Label message = new Label("message");

    /**
     * Whether an address belongs to the process alone: a case sees there what the CPU under test
     * has not.
     */
    static boolean isPrivate(long address) {
        return address >= Layout.EXIT && address < Layout.EXIT + PRIVATE_BYTES
                || address >= SHARED && address < CODE_ALIAS + Layout.CODE_BYTES;
    }

    private NativeRunner(SharedFile.Plan plan, boolean fsgsbase, boolean avx) {
        this.plan = plan;
        this.fsgsbase = fsgsbase;
        this.avx = avx;
        cases = new CaseCode(a, CODE_ALIAS, avx);
    }

    /**
     * The executable.
     *
     * @param fsgsbase whether programs may execute WRFSBASE
     * @param avx whether there are YMM registers
     */
    static byte[] elf(SharedFile.Plan plan, boolean fsgsbase, boolean avx) {
        return new NativeRunner(plan, fsgsbase, avx).assemble();
    }

    private byte[] assemble() {
        exit();
        store();
        run();
        faultHandler();
        tickHandler();
        batches();
        new NativeStart(this).emit();
        a.align(Layout.PAGE).bind(textEnd);
        int text = a.size();
        data();
        byte[] all = a.toBytes();
        return ElfWriter.elf64(start.address())
                .load(Layout.EXIT, Arrays.copyOf(all, text), ElfWriter.READ | ElfWriter.EXECUTE)
                .load(
                        textEnd.address(),
                        Arrays.copyOfRange(all, text, all.length),
                        ElfWriter.READ | ElfWriter.WRITE)
                .stack(ElfWriter.READ | ElfWriter.WRITE)
                .toBytes();
    }

    /**
     * {@link Layout#EXIT}: the code ran to its end. Everything but RIP is the case's until it is
     * stored.
     */
    private void exit() {
        a.mov(mem(savedRsp), RSP).lea(RSP, mem(stackTop));
        cases.storeRegisters();
        a.pushf().pop(RCX).mov(mem(RAX, Layout.RFLAGS), RCX);
        a.push(CLEAN_FLAGS).popf();
        a.mov(RCX, mem(savedRsp)).mov(mem(RAX, Layout.GPR + 8 * RSP.number()), RCX);
        a.mov(mem32(RAX, Layout.OUTCOME), Layout.EXITED);
        a.mov(mem16(RAX, Layout.SS), Sreg.SS);
        a.fxsave64(mem(RAX, Layout.FXSAVE));
        cases.storeHighHalves();
        a.jmp(store);
    }

    /** Stores what entering a handler leaves alone; RAX is the result. Then the next case. */
    private void store() {
        a.bind(store);
        cases.storeSegments();
        if (fsgsbase) {
            cases.storeSegmentBases();
        }
        cases.storeWindow();
        cases.advance(run);
        a.jmp(nextBatch);
    }

    private void run() {
        a.bind(run);
        a.add(mem(serial).bits(64), 1);
        cases.prepare();
        a.mov(mem(SHARED), EBX);
        if (fsgsbase) {
            cases.loadSegmentBases();
        } else {
            loadSegmentBase(Linux.ARCH_SET_FS, Layout.FS_BASE);
            loadSegmentBase(Linux.ARCH_SET_GS, Layout.GS_BASE);
        }
        cases.enter();
    }

    private void loadSegmentBase(int register, int field) {
        a.mov(EDI, register).mov(RSI, mem(RBX, field)).mov(EAX, Linux.SYS_ARCH_PRCTL).syscall();
    }

    /** Called by the kernel with the signal in EDI and the ucontext in RDX. */
    private void faultHandler() {
        a.bind(fault);
        a.mov(R8D, Layout.FAULTED);
        a.bind(interrupted).push(CLEAN_FLAGS).popf();
        a.mov(EAX, mem(cases.left)).test(EAX, EAX).mov(R15D, EDI).jcc(E, fail);
        a.mov(RAX, mem(cases.output));
        a.mov(mem(RAX, Layout.OUTCOME), R8D).mov(mem(RAX, Layout.SIGNAL), EDI);
        for (int i = 0; i < 16; i++) {
            copy(Linux.UC_GREGS + 8 * i, Layout.GPR + 8 * Linux.UC_REGISTERS[i]);
        }
        copy(Linux.UC_RIP, Layout.RIP);
        copy(Linux.UC_RFLAGS, Layout.RFLAGS);
        copy(Linux.UC_ERROR, Layout.ERROR_CODE);
        copy(Linux.UC_CR2, Layout.CR2);
        a.mov(ECX, mem(RDX, Linux.UC_TRAP)).mov(mem(RAX, Layout.VECTOR), ECX);
        a.movzx(ECX, mem16(RDX, Linux.UC_CS)).mov(mem(RAX, Layout.CS), RCX);
        a.movzx(ECX, mem16(RDX, Linux.UC_SS)).mov(mem(RAX, Layout.SS), RCX);
        a.mov(RSI, mem(RDX, Linux.UC_FPSTATE)).lea(RDI, mem(RAX, Layout.FXSAVE));
        a.mov(ECX, Layout.FXSAVE_BYTES / 8).rep().movsq();
        if (avx) {
            a.add(RSI, Linux.XSAVE_HEADER_BYTES);
            cases.copyHighHalves();
        } else {
            cases.storeHighHalves();
        }
        a.lea(RSP, mem(stackTop)).jmp(store);
    }

    private void copy(int from, int to) {
        a.mov(RCX, mem(RDX, from)).mov(mem(RAX, to), RCX);
    }

    /** A case that two ticks in a row find running will not end. */
    private void tickHandler() {
        Label first = new Label("first");
        a.bind(tick);
        a.mov(RCX, mem(serial)).cmp(RCX, mem(lastSerial)).mov(mem(lastSerial), RCX).jcc(NE, first);
        a.mov(EAX, mem(cases.left)).test(EAX, EAX).jcc(E, first);
        a.mov(R8D, Layout.STUCK).jmp(interrupted);
        a.bind(first).ret();
        a.bind(restorer);
        a.mov(EAX, Linux.SYS_RT_SIGRETURN).syscall();
    }

    /**
     * Reads how many cases there are; when they are done, answers. End of input ends the process.
     */
    private void batches() {
        Label wait = new Label("wait");
        a.bind(nextBatch);
        a.mov(EDI, 1).lea(RSI, mem(message)).mov(EDX, 1).mov(EAX, Linux.SYS_WRITE).syscall();
        a.bind(wait);
        a.xor(EDI, EDI).lea(RSI, mem(message)).mov(EDX, 4).mov(EAX, Linux.SYS_READ).syscall();
        a.xor(R15D, R15D).cmp(EAX, 0).jcc(LE, fail);
        a.mov(EAX, mem(message)).mov(mem(cases.left), EAX);
        a.mov(RAX, SHARED + plan.inputs()).mov(mem(cases.input), RAX);
        a.mov(RAX, SHARED + plan.outputs()).mov(mem(cases.output), RAX);
        a.jmp(run);
    }

    private void data() {
        cases.variables();
        a.bind(savedRsp).dq(0).bind(serial).dq(0).bind(lastSerial).dq(0).bind(message).dd(0);
        a.align(Layout.PAGE).fill(STACK_BYTES, 0).bind(stackTop);
        a.fill(SIGNAL_STACK_BYTES, 0);
    }
}
