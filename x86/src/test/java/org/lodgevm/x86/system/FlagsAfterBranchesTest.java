package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.R8;
import static org.lodgevm.x86.asm.Gpr.R9;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Label;

/** Of two ways to go on, one may want the flags and the other not. */
@OnEveryEngine
class FlagsAfterBranchesTest {
    private static final int TURNS = 400_000;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** Less, equal and greater are told apart by one comparison, with an access to memory between the branches; they meet where nobody wants the flags. */
    @Test
    void ofABranchThatIsNotTakenAreKept() {
        Label start = new Label();
        Label top = new Label();
        Label function = new Label();
        Label meeting = new Label();
        a.jmp(start);
        a.bind(function).mov(RSI, RDX).and(RSI, 3).cmp(RSI, 1).jcc(Cond.A, meeting);
        a.mov(R9, mem(RSP)).jcc(Cond.NE, meeting).add(R8, 1);
        a.bind(meeting).add(RDX, 1).ret();
        a.bind(start).mov(RDX, 0).mov(R8, 0);
        a.bind(top).call(function).cmp(RDX, TURNS).jcc(Cond.NE, top);
        Guest.done(a);
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(8)).as("equal").isEqualTo(TURNS / 4);
    }
}
