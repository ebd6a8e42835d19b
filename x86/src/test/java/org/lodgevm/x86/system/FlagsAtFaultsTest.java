package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.R8;
import static org.lodgevm.x86.asm.Gpr.R9;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Mem.mem;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.state.Rflags;

/** A fault finds the flags as the last instruction has left them, which are put aside for it by nobody. */
@OnEveryEngine
class FlagsAtFaultsTest {
    private static final int ABSENT = 0x60_0000;
    private static final int PRESENT = 0x7_0000;
    private static final long FIRST = 0x8000_0000_7fff_ff80L;
    private static final long[] SECOND = {0x8000_0000_8000_00ffL, 0x7fff_ffff_ffff_8081L, 0x8000_0000_7fff_ff80L};
    private static final int CONSTANT = -113;
    /** AF is undefined after some. */
    private static final int COMPARED = Rflags.STATUS & ~Rflags.AF;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    /** Instructions with two operands: between registers, and with a constant. */
    private enum Operation {
        CMP(Assembler::cmp, Assembler::cmp),
        TEST(Assembler::test, Assembler::test),
        ADD(Assembler::add, Assembler::add),
        SUB(Assembler::sub, Assembler::sub),
        AND(Assembler::and, Assembler::and),
        OR(Assembler::or, Assembler::or),
        XOR(Assembler::xor, Assembler::xor),
        SHL((a, first, second) -> a.shl(first, 3), Assembler::shl),
        NEG((a, first, second) -> a.neg(first), (a, first, constant) -> a.neg(first)),
        /** Which leave one flag as it was. */
        INC((a, first, second) -> a.add(first, second).inc(first), (a, first, constant) -> a.sub(first, constant).dec(first));

        final Registers registers;
        final Constant constant;

        Operation(Registers registers, Constant constant) {
            this.registers = registers;
            this.constant = constant;
        }
    }

    private interface Registers {
        void append(Assembler a, Gpr first, Gpr second);
    }

    private interface Constant {
        void append(Assembler a, Gpr first, int constant);
    }

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** The instruction; its flags go to R8, and all become what they are not; the instruction again, and a fault. */
    private void ask(Runnable operation, long second) {
        a.mov(RAX, FIRST).mov(RDX, second).mov(RBX, ABSENT);
        operation.run();
        a.pushf().pop(R8).mov(R9, R8).xor(R9, Rflags.STATUS).push(R9).popf();
        a.mov(RAX, FIRST).mov(RDX, second);
        operation.run();
        a.mov(RCX, mem(RBX));
    }

    private void check(List<String> names) {
        Guest.done(a);
        Stop stop = g.run();
        for (String name : names) {
            assertThat(stop.event()).as(name).isEqualTo("#PF(0x0)");
            assertThat(stop.rflags() & COMPARED).as(name).isEqualTo(g.gpr(8) & COMPARED);
            g.change(state -> state.gpr[3] = PRESENT);
            stop = g.resume();
        }
        assertThat(stop.event()).isEqualTo("done");
    }

    private void checkAll(int bits) {
        List<String> names = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            for (long second : SECOND) {
                ask(() -> operation.registers.append(a, RAX.as(bits), RDX.as(bits)), second);
                names.add(operation + " of registers, " + Long.toHexString(second));
            }
            int constant = operation == Operation.SHL ? 5 : CONSTANT;
            ask(() -> operation.constant.append(a, RAX.as(bits), constant), 0);
            names.add(operation + " with a constant");
        }
        check(names);
    }

    @Test
    void with64Bits() {
        checkAll(64);
    }

    @Test
    void with32Bits() {
        checkAll(32);
    }

    @Test
    void with16Bits() {
        checkAll(16);
    }

    @Test
    void with8Bits() {
        checkAll(8);
    }

    @Test
    void ofARegisterAndItself() {
        ask(() -> a.add(RAX, RAX), 0);
        ask(() -> a.sub(RAX, RAX), 0);
        ask(() -> a.cmp(RAX, RAX), 0);
        check(List.of("ADD", "SUB", "CMP"));
    }

    @Test
    void afterAJump() {
        ask(() -> {
            Label next = new Label();
            a.cmp(RAX, RDX).jcc(Cond.E, next).bind(next);
        }, FIRST);
        ask(() -> {
            Label next = new Label();
            a.sub(RAX, RDX).jcc(Cond.NE, next).nop().bind(next);
        }, 1);
        ask(() -> {
            Label taken = new Label();
            Label after = new Label();
            a.cmp(RAX, RDX).jcc(Cond.NE, taken).jmp(after).bind(taken).mov(R9, mem(Gpr.RSP)).bind(after);
        }, 1);
        check(List.of("taken", "not taken", "a jump over code"));
    }

    @Test
    void whenARegisterThatTheyWereMadeFromHasChanged() {
        ask(() -> a.cmp(RAX, RDX).mov(RAX, mem(Gpr.RSP)), 1);
        ask(() -> a.cmp(RAX, RDX).mov(RDX, 0), 1);
        ask(() -> a.add(RAX, RDX).lea(RDX, mem(RAX, 77)), FIRST);
        ask(() -> a.test(RAX, RAX).push(RAX).pop(RAX), 1);
        ask(() -> a.cmp(RAX, RDX).set(Cond.A, Gpr.AL).mov(R9, mem(Gpr.RSP)), 1);
        ask(() -> a.cmp(RAX, RDX).mov(Gpr.AH, 1), FIRST);
        check(List.of("loaded", "constant", "address", "popped", "set", "second byte"));
    }
}
