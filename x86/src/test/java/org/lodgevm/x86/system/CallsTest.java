package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.ESP;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.asm.Mem.mem8;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Msr;

/** Calls, and returns that are not to where the last call came from. */
@OnEveryEngine
class CallsTest {
    private static final int OTHER_STACK = 0x6_0000;
    /** More calls than the host's stack has room for. */
    private static final int DEPTH = 200_000;
    private static final int STACK = 0x80_0000;
    private static final int STACK_BYTES = 0x20_0000;
    private static final int ROUNDS = 20;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;
    private final Label start = new Label("start");

    @BeforeEach
    void start() {
        begin(Mode.LONG);
    }

    private void begin(Mode mode) {
        g = new Guest(engine, mode);
        a = g.kernel();
        a.jmp(start);
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** Calls what is in the kernel's code so far, time and again, and tells what is in EAX then. */
    private int often(Label function) {
        Label loop = new Label();
        a.bind(start).mov(EAX, 0).mov(EDI, ROUNDS).bind(loop).call(function).dec(EDI).jcc(Cond.NE, loop);
        return outcome();
    }

    private int outcome() {
        Guest.done(a);
        Stop stop = g.run();
        assertThat(stop.event()).as("at %x", stop.rip()).isEqualTo("done");
        return (int) g.gpr(0);
    }

    private void useDeepStack() {
        g.pages.map(STACK - STACK_BYTES, Guest.FRAMES, STACK_BYTES, WRITABLE);
    }

    private Label recursion() {
        Label function = a.label("function");
        Label bottom = new Label();
        a.inc(EAX).dec(ECX).jcc(Cond.E, bottom).call(function).add(EAX, 2).bind(bottom).ret();
        return function;
    }

    @Test
    void recursionMayBeDeeperThanAnyCache() {
        Label function = recursion();
        useDeepStack();
        a.bind(start).mov(EAX, 0).mov(RSP, STACK).mov(ECX, DEPTH).call(function).mov(ECX, DEPTH).call(function);
        assertThat(outcome()).isEqualTo(2 * (DEPTH + 2 * (DEPTH - 1)));
    }

    @Test
    void soIsThatOf32BitCode() {
        g.close();
        begin(Mode.PAGED32);
        Label function = recursion();
        useDeepStack();
        a.bind(start).mov(EAX, 0).mov(ESP, STACK).mov(ECX, DEPTH).call(function).mov(ECX, DEPTH).call(function);
        assertThat(outcome()).isEqualTo(2 * (DEPTH + 2 * (DEPTH - 1)));
    }

    @Test
    void aFunctionMayChangeWhereItReturnsTo() {
        Label function = a.label("function");
        a.add(mem64(RSP, 0), 5).ret();
        Label caller = a.label("caller");
        a.call(function).imm(1, 0x05).imm(4, 1000).inc(EAX).ret(); // ADD EAX, 1000 is left out
        assertThat(often(caller)).isEqualTo(ROUNDS);
    }

    @Test
    void aCallNeedNotBeReturnedFrom() {
        Label caller = a.label("caller");
        Label here = new Label();
        a.call(here).bind(here).pop(RBX).inc(EAX).ret();
        assertThat(often(caller)).isEqualTo(ROUNDS);
    }

    @Test
    void framesMayBeLeftAllAtOnce() {
        Label deep = a.label("deep");
        Label out = new Label();
        a.dec(ECX).jcc(Cond.E, out).call(deep).add(EAX, 1000).ret().bind(out).mov(RSP, RSI).inc(EAX).ret();
        Label inner = a.label("inner");
        a.mov(RSI, RSP).mov(ECX, 7).call(deep).add(EAX, 2000).ret();
        Label outer = a.label("outer");
        a.call(inner).add(EAX, 10).ret();
        assertThat(often(outer)).isEqualTo(11 * ROUNDS);
    }

    @Test
    void twoThreadsOfControlMayTakeTurns() {
        Label change = a.label("change");
        a.xchg(RSP, RSI).ret();
        Label other = a.label("other");
        a.call(change).add(EAX, 100).jmp(other);
        Label once = a.label("once");
        a.call(change).inc(EAX).ret();
        a.bind(start).mov(RSI, OTHER_STACK).mov(RBX, other.address()).mov(mem(RSI), RBX);
        a.mov(EAX, 0).mov(EDI, ROUNDS);
        Label loop = a.label("loop");
        a.call(once).dec(EDI).jcc(Cond.NE, loop);
        assertThat(outcome()).isEqualTo(ROUNDS + 100 * (ROUNDS - 1));
    }

    @Test
    void whatIsReturnedToMayHaveChanged() {
        Label function = a.label("function");
        Label after = new Label();
        a.inc(mem8(RDX, 0)).ret();
        Label caller = a.label("caller");
        a.call(function).imm(1, 0x05).bind(after).imm(4, 0).ret(); // ADD EAX, how often it was called
        a.bind(start).mov(EAX, 0).mov(EDI, ROUNDS).mov(RDX, after.address());
        Label loop = a.label("loop");
        a.call(caller).dec(EDI).jcc(Cond.NE, loop);
        assertThat(outcome()).isEqualTo(ROUNDS * (ROUNDS + 1) / 2);
    }

    @Test
    void zeroIsAnAddressLikeAnyOther() {
        Assembler zero = new Assembler(0);
        Label again = new Label();
        zero.inc(EAX).dec(EDI).jcc(Cond.NE, again).jmp(RBX).bind(again).push(0).ret();
        g.memory.write(0, zero.toBytes());
        Label end = new Label();
        a.bind(start).mov(EAX, 0).mov(EDI, ROUNDS).lea(RBX, mem(end)).push(0).ret().bind(end);
        assertThat(outcome()).isEqualTo(ROUNDS);
    }

    @Test
    void anAddressThatIsNoneFaultsBeforeTheStackHasMoved() {
        a.bind(start).mov(RBX, 0x8000_0000_0000L).push(RBX);
        Label at = a.label("at");
        a.ret();
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#GP(0x0)");
        assertThat(stop.rip()).isEqualTo(at.address());
        assertThat(stop.rsp()).isEqualTo(Guest.KERNEL_STACK - 8);
    }

    @Test
    void theKernelReturnsToTheUsersCodeWithItsOwnRights() {
        g.close();
        g = new Guest(engine, Mode.LONG);
        g.start.msrs.put(Msr.IA32_STAR, (long) Guest.CODE << 32 | (long) (Guest.USER_CODE - 16) << 48);
        g.start.msrs.put(Msr.IA32_LSTAR, (long) Guest.KERNEL);
        Label function = new Label();
        Label loop = new Label();
        Assembler user = g.user();
        user.mov(EDI, ROUNDS + 1).bind(loop).call(function).mov(EDX, Guest.USER).mov(ECX, Guest.KERNEL);
        user.mov(EBX, Sreg.CS).and(EBX, 3).cmov(Cond.E, EDX, ECX).mov(EDX, mem(RDX)).add(EAX, EBX).dec(EDI).jcc(Cond.NE, loop).ud2();
        user.bind(function).syscall().ret();
        Label stay = new Label();
        g.kernel().test(EDI, 3).jcc(Cond.E, stay).sysret(64).bind(stay).ret();
        assertThat(g.runUser().event()).isEqualTo("#UD");
        assertThat(g.gpr(0)).isEqualTo(3 * (3 * ROUNDS / 4 + 1));
    }
}
