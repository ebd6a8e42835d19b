package org.lodgevm.x86.oracle;

import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.*;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;

import java.util.function.BiConsumer;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Label;

/**
 * The kernel of the guest that runs batches of cases on the CPU under test: what {@link
 * NativeRunner} is to Linux, this is to the bare machine. Every case ends in an exception; at
 * {@link Layout#EXIT} stands an INT3.
 *
 * <p>Between batches it writes to a port, whereupon its CPU is stopped.
 */
final class GuestRunner {
    /** Written to when a batch is done, or with 1 when the kernel itself has faulted. */
    static final int PORT = 0xE0;

    /** Written to, with whatever AL holds, after an exception where the host moves the cases. */
    static final int HOST_PORT = PORT + 1;

    static final int PORTS = 2;

    static final int BATCH_DONE = 0;
    static final int KERNEL_FAULT = 1;

    /** Vectors that push an error code. */
    private static final int WITH_ERROR_CODE =
            1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17;

    private static final int VECTORS = 32;
    private static final int STUB_BYTES = 16;
    private static final int STACK_BYTES = 0x1000;
    private static final int CLEAN_FLAGS = 2;
    static final int INT3_BYTES = 1;
    static final int BP = 3;

    /** What a stub and the CPU have pushed. */
    static final int FRAME_VECTOR = 0;

    static final int FRAME_ERROR = 8;
    static final int FRAME_RIP = 16;
    static final int FRAME_CS = 24;
    static final int FRAME_RFLAGS = 32;
    static final int FRAME_RSP = 40;
    static final int FRAME_SS = 48;

    private final Assembler a;
    private final CaseCode cases;
    private final long inputs;
    private final long outputs;
    private final Label start = new Label("start");
    private final Label stubs = new Label("stubs");
    private final Label stackTop = new Label("stackTop");
    private final byte[] image;

    /**
     * @param origin where the kernel will lie
     * @param codeAlias where it can write the code pages
     * @param inputs where it finds the cases
     * @param outputs where it puts the results
     */
    static GuestRunner batches(long origin, long codeAlias, long inputs, long outputs) {
        return new GuestRunner(origin, codeAlias, inputs, outputs, GuestRunner::handler);
    }

    /** One that stops with all registers but RSP as an exception has left them: {@link HostedCpu} does the rest. */
    static GuestRunner exceptions(long origin) {
        return new GuestRunner(origin, 0, 0, 0, GuestRunner::tell);
    }

    private GuestRunner(long origin, long codeAlias, long inputs, long outputs, BiConsumer<GuestRunner, Label> handle) {
        a = new Assembler(origin);
        cases = new CaseCode(a, codeAlias, true);
        this.inputs = inputs;
        this.outputs = outputs;
        Label handler = new Label("handler");
        stubs(handler);
        handle.accept(this, handler);
        cases.variables();
        a.align(16).fill(STACK_BYTES, 0).bind(stackTop);
        image = a.toBytes();
    }

    byte[] image() {
        return image;
    }

    /** Where the CPU starts, or goes on after a breakdown. */
    long entry() {
        return start.address();
    }

    long handler(int vector) {
        return stubs.address() + (long) Math.min(vector, VECTORS - 1) * STUB_BYTES;
    }

    long stackTop() {
        return stackTop.address();
    }

    /** A four-byte variable: how many cases there are, counting down. */
    long left() {
        return cases.left.address();
    }

    private void stubs(Label handler) {
        a.align(STUB_BYTES).bind(stubs);
        for (int vector = 0; vector < VECTORS; vector++) {
            if ((WITH_ERROR_CODE >> vector & 1) == 0) {
                a.push(0);
            }
            a.push(vector).jmp(handler).align(STUB_BYTES);
        }
    }

    private void handler(Label handler) {
        Label kernelFault = new Label("kernelFault");
        Label fault = new Label("fault");
        Label store = new Label("store");
        Label run = new Label("run");
        a.bind(handler);
        cases.storeRegisters();
        a.test(mem32(RSP, FRAME_CS), 3).jcc(E, kernelFault);
        copy(FRAME_RSP, Layout.GPR + 8 * RSP.number());
        copy(FRAME_RIP, Layout.RIP);
        copy(FRAME_CS, Layout.CS);
        copy(FRAME_RFLAGS, Layout.RFLAGS);
        copy(FRAME_SS, Layout.SS);
        copy(FRAME_ERROR, Layout.ERROR_CODE);
        a.mov(RCX, Creg.CR2).mov(mem(RAX, Layout.CR2), RCX);
        a.mov(ECX, mem(RSP, FRAME_VECTOR)).mov(mem(RAX, Layout.VECTOR), ECX);
        a.cmp(ECX, BP).jcc(NE, fault);
        a.cmp(mem32(RSP, FRAME_RIP), Layout.EXIT + INT3_BYTES).jcc(NE, fault);
        a.mov(mem32(RAX, Layout.OUTCOME), Layout.EXITED).jmp(store);
        a.bind(fault);
        a.mov(mem32(RAX, Layout.OUTCOME), Layout.FAULTED);
        a.bind(store);
        a.push(CLEAN_FLAGS).popf();
        a.fxsave64(mem(RAX, Layout.FXSAVE));
        cases.storeHighHalves();
        cases.storeSegments();
        cases.storeSegmentBases();
        cases.storeWindow();
        cases.advance(run);
        a.bind(start);
        a.lea(RSP, mem(stackTop)).mov(EAX, BATCH_DONE).out(PORT, AL);
        a.mov(RAX, inputs).mov(mem(cases.input), RAX);
        a.mov(RAX, outputs).mov(mem(cases.output), RAX);
        a.bind(run);
        cases.prepare();
        cases.loadSegmentBases();
        cases.enter();
        a.bind(kernelFault);
        a.mov(EAX, KERNEL_FAULT).out(PORT, AL).jmp(start);
    }

    private void tell(Label handler) {
        a.bind(handler).bind(start).out(HOST_PORT, AL);
    }

    private void copy(int from, int to) {
        a.mov(RCX, mem(RSP, from)).mov(mem(RAX, to), RCX);
    }
}
