package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.ESI;
import static org.lodgevm.x86.asm.Gpr.ESP;
import static org.lodgevm.x86.asm.Gpr.R10;
import static org.lodgevm.x86.asm.Gpr.R14;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** Pushes, and pops, one after the other: each happens, or faults, by itself. */
@OnEveryEngine
class StackRunsTest {
    /** Of two pages; the first one is absent where a test wants that. */
    private static final int STACK = 0x60_0000;

    private static final int BOUNDARY = STACK + PAGE;

    private static final int FIRST = Guest.FRAMES;
    /** Not the frame after the first. */
    private static final int SECOND = Guest.FRAMES + 0x5_0000;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        begin(Mode.LONG);
    }

    private void begin(Mode mode) {
        g = new Guest(engine, mode);
        a = g.kernel();
        g.pages.map(STACK, FIRST, PAGE, WRITABLE);
        g.pages.map(BOUNDARY, SECOND, PAGE, WRITABLE);
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** Has the TLB have all stacks: a run that misses it is executed one by one. */
    private void touchStacks(Gpr register) {
        for (int top : new int[] {BOUNDARY, BOUNDARY + PAGE, Guest.KERNEL_STACK}) {
            a.mov(ESP, top).push(register).pop(register);
        }
    }

    private void outcome() {
        Guest.done(a);
        Stop stop = g.run();
        assertThat(stop.event()).as("at %x", stop.rip()).isEqualTo("done");
    }

    /** Pushes four values and pops them into other registers, with the first of them so far above the boundary. */
    private void pushAndPop(int above) {
        touchStacks(RAX);
        a.mov(RSP, BOUNDARY + above).mov(EAX, 1).mov(ECX, 2).mov(R10, 3);
        a.push(RAX).push(RCX).push(R10).push(-4).pop(RBX).pop(R14).pop(RDX).pop(RSI);
        a.mov(RAX, RSP).mov(ESP, Guest.KERNEL_STACK);
        outcome();
        assertThat(g.gpr(0)).isEqualTo(BOUNDARY + above);
        assertThat(g.gpr(3)).isEqualTo(-4);
        assertThat(g.gpr(14)).isEqualTo(3);
        assertThat(g.gpr(2)).isEqualTo(2);
        assertThat(g.gpr(6)).isEqualTo(1);
    }

    @Test
    void inOnePage() {
        pushAndPop(0x800);
    }

    @Test
    void downToAPagesFirstByte() {
        pushAndPop(32);
    }

    @Test
    void overTwoPages() {
        pushAndPop(16);
    }

    @Test
    void overTwoPagesAmidAWord() {
        pushAndPop(12);
    }

    @Test
    void a32BitStack() {
        g.close();
        begin(Mode.PAGED32);
        touchStacks(EAX);
        a.mov(ESP, BOUNDARY + 8).mov(EAX, 1).mov(ECX, 2).mov(EDX, 3);
        a.push(EAX).push(ECX).push(EDX).push(-4).pop(EBX).pop(EDX).pop(EAX).pop(ESI).mov(ESP, Guest.KERNEL_STACK);
        outcome();
        assertThat((int) g.gpr(3)).isEqualTo(-4);
        assertThat(g.gpr(2)).isEqualTo(3);
        assertThat(g.gpr(0)).isEqualTo(2);
        assertThat(g.gpr(6)).isEqualTo(1);
    }

    @Test
    void theStackPointerIsPushedAsItIs() {
        touchStacks(RAX);
        a.push(RAX).push(RSP).push(RCX).mov(RBX, RSP).pop(RCX).pop(RDX).pop(RAX);
        outcome();
        assertThat(g.gpr(3)).isEqualTo(Guest.KERNEL_STACK - 24);
        assertThat(g.gpr(2)).isEqualTo(Guest.KERNEL_STACK - 8);
    }

    @Test
    void thePoppedStackPointerIsWhereTheNextComesFrom() {
        g.put64(FIRST, 77);
        touchStacks(RAX);
        a.mov(RBX, STACK).push(RBX).push(RAX).pop(RCX).pop(RSP).pop(RDX).mov(RBX, RSP).mov(ESP, Guest.KERNEL_STACK);
        outcome();
        assertThat(g.gpr(2)).isEqualTo(77);
        assertThat(g.gpr(3)).isEqualTo(STACK + 8);
    }

    /** On a page that is not there: the handler has a stack of its own. */
    private Stop fault() {
        g.pages.put(STACK, 1, 0);
        g.gate(Vector.PF, Guest.CODE, g.handler(Vector.PF), Descriptors.INTERRUPT_GATE, 1);
        Stop stop = g.run();
        assertThat(stop.event()).startsWith("#PF");
        return stop;
    }

    @Test
    void aPushThatFaultsComesAfterThoseBeforeIt() {
        a.mov(RSP, BOUNDARY + 16).mov(EAX, 1).mov(ECX, 2).cmp(EAX, ECX).push(RAX).push(RCX);
        Label third = a.label("third");
        a.push(RSI).push(RDX);
        Stop stop = fault();
        assertThat(stop.rip()).isEqualTo(third.address());
        assertThat(stop.rsp()).isEqualTo(BOUNDARY);
        assertThat(stop.cr2()).isEqualTo(BOUNDARY - 8);
        assertThat(stop.flag(Rflags.CF)).isTrue();
        assertThat(g.get64(SECOND + 8)).isEqualTo(1);
        assertThat(g.get64(SECOND)).isEqualTo(2);
    }

    @Test
    void aPopThatFaultsLeavesItsRegisterAsItWas() {
        g.pages.map(STACK - PAGE, Guest.FRAMES + 2 * PAGE, PAGE, WRITABLE);
        g.put64(Guest.FRAMES + 3 * PAGE - 8, 55);
        a.mov(RSP, STACK - 8).mov(EAX, 1).mov(ECX, 2).pop(RAX);
        Label second = a.label("second");
        a.pop(RCX).ret();
        Stop stop = fault();
        assertThat(stop.rip()).isEqualTo(second.address());
        assertThat(stop.rsp()).isEqualTo(STACK);
        assertThat(g.gpr(0)).isEqualTo(55);
        assertThat(g.gpr(1)).isEqualTo(2);
    }

    /** At many places of a stack that is crossed by some of them. */
    @Test
    void functionsSaveAndRestoreRegisters() {
        Label start = new Label();
        Label function = new Label();
        Label bottom = new Label();
        a.jmp(start).bind(function).push(RBX).push(R14).push(RSI);
        a.mov(EBX, ECX).mov(R14, RCX).mov(ESI, ECX).dec(ECX).jcc(Cond.E, bottom).call(function);
        a.bind(bottom).add(RAX, RBX).add(RAX, R14).add(RAX, RSI).pop(RSI).pop(R14).pop(RBX).ret(0);
        a.bind(start).mov(ESP, STACK + 2 * PAGE - 8).mov(EAX, 0).mov(ECX, 200).call(function).mov(ESP, Guest.KERNEL_STACK);
        outcome();
        assertThat(g.gpr(0)).isEqualTo(3 * 200 * 201 / 2);
    }
}
