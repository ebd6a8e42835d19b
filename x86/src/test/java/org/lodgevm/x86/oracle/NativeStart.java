package org.lodgevm.x86.oracle;

import static org.lodgevm.x86.asm.Cond.S;
import static org.lodgevm.x86.asm.Gpr.*;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem64;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;

/**
 * The start of the native runner's process: memory, segments, signals, and the filter for system
 * calls.
 */
final class NativeStart {
    private static final long TICK_MICROSECONDS = 50_000;
    private static final int[] FAULTS = {
        Linux.SIGSEGV, Linux.SIGBUS, Linux.SIGILL, Linux.SIGFPE, Linux.SIGTRAP, Linux.SIGSYS
    };

    private final NativeRunner runner;
    private final Assembler a;

    NativeStart(NativeRunner runner) {
        this.runner = runner;
        a = runner.a;
    }

    /** From the entry point to the first batch. */
    void emit() {
        a.bind(runner.start);
        a.mov(RDI, mem64(RSP, 16)).mov(ESI, Linux.O_RDWR).lea(RSP, mem(runner.stackTop));
        call(Linux.SYS_OPEN);
        a.mov(R12, RAX);
        int rw = Linux.PROT_READ | Linux.PROT_WRITE;
        map(NativeRunner.SHARED, runner.plan.bytes(), rw, R12, 0);
        map(Layout.DATA, Layout.DATA_BYTES, rw, R12, runner.plan.data());
        map(Layout.HIGH_DATA, Layout.DATA_BYTES, rw, R12, runner.plan.data());
        map(
                Layout.CONSTANTS,
                Layout.CONSTANTS_BYTES,
                Linux.PROT_READ,
                R12,
                runner.plan.constants());
        a.lea(RDI, mem(runner.message)).xor(ESI, ESI);
        call(Linux.SYS_MEMFD_CREATE);
        a.mov(R12, RAX).mov(RDI, R12).mov(ESI, Layout.CODE_BYTES);
        call(Linux.SYS_FTRUNCATE);
        map(NativeRunner.CODE_ALIAS, Layout.CODE_BYTES, rw, R12, 0);
        map(Layout.CODE, Layout.CODE_BYTES, Linux.PROT_READ | Linux.PROT_EXEC, R12, 0);
        a.mov(RDI, NativeRunner.CODE_ALIAS)
                .mov(ECX, Layout.CODE_BYTES)
                .mov(AL, Layout.FILLER)
                .rep()
                .stosb();
        a.mov(RAX, Layout.EXIT).mov(mem(NativeRunner.CODE_ALIAS + Layout.EXIT_POINTER), RAX);
        segments();
        signals();
        filterSystemCalls();
        a.mov(mem(NativeRunner.SHARED), EAX).jmp(runner.nextBatch);
        a.bind(runner.fail);
        a.mov(EDI, R15D).mov(EAX, Linux.SYS_EXIT_GROUP).syscall();
    }

    /**
     * A system call with its arguments loaded; if it fails the process exits with its number,
     * modulo 256.
     */
    private void call(int number) {
        a.mov(R15D, number).mov(EAX, number).syscall().test(RAX, RAX).jcc(S, runner.fail);
    }

    /** Maps all pages at once, so that no fault of a case finds one absent. */
    private void map(long address, long bytes, int protection, Gpr fd, long offset) {
        a.mov(RDI, address).mov(RSI, bytes).mov(EDX, protection);
        a.mov(R10D, Linux.MAP_SHARED | Linux.MAP_FIXED | Linux.MAP_POPULATE)
                .mov(R8, fd)
                .mov(R9, offset);
        call(Linux.SYS_MMAP);
    }

    private void segments() {
        Label after = new Label("after");
        Label table = new Label("table");
        a.jmp(after).align(4).bind(table);
        for (int i = 0; i < Descriptors.LDT.size(); i++) {
            for (int word : Descriptors.LDT.get(i).userDesc(i)) {
                a.dd(word);
            }
        }
        a.bind(after);
        for (int i = 0; i < Descriptors.LDT.size(); i++) {
            a.mov(EDI, Linux.MODIFY_LDT_WRITE).lea(RSI, mem(table).plus(16L * i)).mov(EDX, 16);
            call(Linux.SYS_MODIFY_LDT);
        }
    }

    private void signals() {
        Label stack = new Label("stack");
        Label faultAction = new Label("faultAction");
        Label tickAction = new Label("tickAction");
        Label interval = new Label("interval");
        Label after = new Label("after");
        a.jmp(after).align(8);
        a.bind(stack).dq(runner.stackTop).dq(0).dq(NativeRunner.SIGNAL_STACK_BYTES);
        action(faultAction, runner.fault);
        action(tickAction, runner.tick);
        a.bind(interval).dq(0, TICK_MICROSECONDS, 0, TICK_MICROSECONDS);
        a.bind(after);
        a.lea(RDI, mem(stack)).xor(ESI, ESI);
        call(Linux.SYS_SIGALTSTACK);
        for (int signal : FAULTS) {
            handle(signal, faultAction);
        }
        handle(Linux.SIGVTALRM, tickAction);
        a.mov(EDI, Linux.ITIMER_VIRTUAL).lea(RSI, mem(interval)).xor(EDX, EDX);
        call(Linux.SYS_SETITIMER);
    }

    /** A struct sigaction as the kernel has it. */
    private void action(Label label, Label handler) {
        long flags = Linux.SA_SIGINFO | Linux.SA_ONSTACK | Linux.SA_NODEFER | Linux.SA_RESTORER;
        a.bind(label).dq(handler).dq(flags).dq(runner.restorer).dq(0);
    }

    private void handle(int signal, Label action) {
        a.mov(EDI, signal).lea(RSI, mem(action)).xor(EDX, EDX).mov(R10D, Linux.SIGSET_BYTES);
        call(Linux.SYS_RT_SIGACTION);
    }

    /** System calls from anywhere but this program's text become SIGSYS. */
    private void filterSystemCalls() {
        Label filter = new Label("filter");
        Label program = new Label("program");
        Label after = new Label("after");
        a.jmp(after).align(8);
        a.bind(filter);
        int instructions = SystemCallFilter.emit(a, Layout.EXIT, runner.textEnd);
        a.align(8).bind(program).dw(instructions).align(8).dq(filter);
        a.bind(after);
        a.mov(EDI, Linux.PR_SET_NO_NEW_PRIVS)
                .mov(ESI, 1)
                .xor(EDX, EDX)
                .xor(R10D, R10D)
                .xor(R8D, R8D);
        call(Linux.SYS_PRCTL);
        a.mov(EDI, Linux.PR_SET_SECCOMP).mov(ESI, Linux.SECCOMP_MODE_FILTER).lea(RDX, mem(program));
        call(Linux.SYS_PRCTL);
    }
}
