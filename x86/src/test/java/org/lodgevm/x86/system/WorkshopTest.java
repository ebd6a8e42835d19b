package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.interpret.JitAccelerator;

/** Guests whose code is translated on another thread than their CPU's. What they compute is {@link Engine#ASIDE}'s to show. */
class WorkshopTest {
    private static final int CODE_BYTES = 1 << 20;
    /** The interpreter alone would take a second. */
    private static final int ROUNDS = 20_000_000;
    /** More than can wait for their translation. */
    private static final int FUNCTIONS = 300;
    private static final int PLACE = 0x7_0000;
    private static final int FUNCTION_BYTES = 16;

    @BeforeEach
    void start() {
        assumeTrue(Engine.available().contains(Engine.ASIDE), "no translator on this host");
    }

    private static Guest guest(int translateAfter) {
        return new Guest(new JitAccelerator(translateAfter, CODE_BYTES, true), null, Mode.LONG, 1);
    }

    private static long counted(Guest guest, String name) {
        return guest.cpu().counters().get(name);
    }

    @Test
    void aLoopThatIsBeingInterpretedGoesOnInItsTranslation() {
        try (Guest guest = guest(30)) {
            Label loop = new Label();
            Guest.done(guest.kernel().mov(EAX, 0).mov(ECX, ROUNDS).bind(loop).add(EAX, 3).dec(ECX).jcc(NE, loop));
            assertThat(guest.run().event()).isEqualTo("done");
            assertThat(guest.gpr(0)).isEqualTo(3L * ROUNDS);
            assertThat(counted(guest, "regions")).isPositive();
            assertThat(counted(guest, "copiedRegions")).isPositive();
        }
    }

    /** The CPU then translates some by itself, and the machine ends while others wait. */
    @RepeatedTest(20)
    void moreIsAskedForThanCanBeMade() {
        try (Guest guest = guest(0)) {
            for (int i = 0; i < FUNCTIONS; i++) {
                int place = PLACE + FUNCTION_BYTES * i;
                guest.memory.write(place, new Assembler(place).add(EAX, i).ret().toBytes());
            }
            Assembler a = guest.kernel().mov(EAX, 0).mov(EBX, 0);
            for (int i = 0; i < FUNCTIONS; i++) {
                a.call(Label.at("function", PLACE + FUNCTION_BYTES * i));
            }
            Guest.done(a);
            assertThat(guest.run().event()).isEqualTo("done");
            assertThat(guest.gpr(0)).isEqualTo(FUNCTIONS * (FUNCTIONS - 1) / 2);
            assertThat(counted(guest, "regions")).isPositive();
        }
    }
}
