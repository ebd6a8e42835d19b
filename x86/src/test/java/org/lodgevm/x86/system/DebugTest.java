package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.DX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem16;
import static org.lodgevm.x86.asm.Mem.mem32;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Dreg;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** Single steps and breakpoints. @sdm 3B:18.2, 3B:18.3 */
@OnEveryEngine
class DebugTest {
    private static final int DR6 = 4;
    private static final int DR7 = 5;
    private static final long DR6_NONE = 0xffff_0ff0L;
    private static final long BD = 1 << 13;
    private static final long BS = 1 << 14;
    private static final int PLACE = 0x5000;
    @Parameter
    Engine engine;

    /** DR7 for breakpoint 0, enabled globally. */
    private static final long EXECUTE = 0x402;
    private static final long WRITE_4 = 0x402 | 0xd << 16;
    private static final long READ_OR_WRITE_4 = 0x402 | 0xf << 16;
    private static final long PORT_1 = 0x402 | 0x2 << 16;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
        g.start.cr4 |= Cr.CR4_DE;
    }

    @AfterEach
    void close() {
        g.close();
    }

    private void breakpoint(long address, long control) {
        g.start.dr[0] = address;
        g.start.dr[DR7] = control;
    }

    private void trap(Stop stop, long rip, long dr6) {
        assertThat(stop.event()).isEqualTo("#DB");
        assertThat(stop.rip()).isEqualTo(rip);
        assertThat(g.state().dr[DR6]).isEqualTo(dr6);
    }

    private Label here(String name) {
        return a.label(name);
    }

    // --- single steps ----------------------------------------------------------------------------------------------------------

    @Test
    void aSingleStepTrapsAfterEveryInstruction() {
        g.start.rflags |= Rflags.TF;
        a.nop();
        Label second = here("second");
        a.mov(EAX, 1);
        Label third = here("third");
        a.nop();
        trap(g.run(), second.address(), DR6_NONE | BS);
        trap(g.resume(), third.address(), DR6_NONE | BS);
    }

    @Test
    void settingTheTrapFlagTrapsAfterTheNextInstruction() {
        a.pushf().or(mem32(RSP, 0), Rflags.TF).popf().nop();
        Label after = here("after");
        a.nop();
        trap(g.run(), after.address(), DR6_NONE | BS);
    }

    @Test
    void aSoftwareInterruptIsNotSteppedInto() {
        g.start.rflags |= Rflags.TF;
        a.interrupt(0x40).nop();
        Label after = here("after");
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("interrupt 0x40");
        assertThat(g.state().rflags & Rflags.TF).isZero();
        trap(g.resume(), after.address(), DR6_NONE | BS);
    }

    @Test
    void nothingComesBetweenALoadOfTheStackSegmentAndTheNextInstruction() {
        g.start.rflags |= Rflags.TF;
        a.mov(EAX, Guest.DATA);
        Label second = here("second");
        a.mov(Sreg.SS, AX).nop();
        Label fourth = here("fourth");
        trap(g.run(), second.address(), DR6_NONE | BS);
        trap(g.resume(), fourth.address(), DR6_NONE | BS);
    }

    @Test
    void aRepeatedStringInstructionTrapsAfterEachElementWithTheResumeFlag() {
        g.start.rflags |= Rflags.TF;
        g.start.gpr[1] = 3;
        g.start.gpr[6] = PLACE;
        g.start.gpr[7] = PLACE + 0x100;
        a.rep().movsb();
        Label after = here("after");
        Stop first = g.run();
        trap(first, Guest.KERNEL, DR6_NONE | BS);
        assertThat(first.flag(Rflags.RF)).isTrue();
        assertThat(g.gpr(1)).isEqualTo(2);
        trap(g.resume(), Guest.KERNEL, DR6_NONE | BS);
        Stop last = g.resume();
        trap(last, after.address(), DR6_NONE | BS);
        assertThat(last.flag(Rflags.RF)).isFalse();
    }

    @Test
    void theTrapWakesAHaltedCpu() {
        g.start.rflags |= Rflags.TF;
        a.hlt();
        trap(g.run(), here("after").address(), DR6_NONE | BS);
    }

    @Test
    void branchSteppingTrapsAfterTakenBranchesOnlyAndOnce() {
        Label target = new Label("target");
        a.mov(ECX, Msr.IA32_DEBUGCTL).mov(EAX, 2).mov(EDX, 0).wrmsr();
        a.pushf().or(mem32(RSP, 0), Rflags.TF).popf().nop().nop().jmp(target).nop();
        a.bind(target).nop();
        Label after = here("after");
        a.nop();
        trap(g.run(), target.address(), DR6_NONE | BS);
        trap(g.resume(), after.address(), DR6_NONE | BS);
    }

    // --- breakpoints on instructions ---------------------------------------------------------------------------------------------

    @Test
    void anInstructionBreakpointComesBeforeTheInstruction() {
        a.mov(EAX, 1);
        breakpoint(here("there").address(), EXECUTE);
        Guest.done(a.mov(EAX, 2));
        Stop stop = g.run();
        trap(stop, g.start.dr[0], DR6_NONE | 1);
        assertThat(stop.flag(Rflags.RF)).isFalse();
        assertThat(g.gpr(0)).isEqualTo(1);
    }

    @Test
    void theResumeFlagLetsTheInstructionRunOnce() {
        Label loop = here("loop");
        breakpoint(loop.address(), EXECUTE);
        a.inc(EAX).jmp(loop);
        Stop stop = g.run();
        assertThat(g.gpr(0)).isZero();
        g.put64(stop.frame() + 16, stop.rflags() | Rflags.RF);
        trap(g.resume(), loop.address(), DR6_NONE | 1);
        assertThat(g.gpr(0)).isEqualTo(1);
    }

    // --- breakpoints on data -----------------------------------------------------------------------------------------------------

    @Test
    void aDataBreakpointTrapsRightAfterTheInstructionInTheMiddleOfABlock() {
        breakpoint(PLACE, WRITE_4);
        a.mov(EAX, mem(PLACE)).mov(mem32(null, PLACE), 5);
        Label after = here("after");
        a.mov(EAX, 9).mov(ECX, 9);
        trap(g.run(), after.address(), DR6_NONE | 1);
        assertThat(g.get32(PLACE)).isEqualTo(5);
        assertThat(g.gpr(0)).isZero();
    }

    @Test
    void aReadHitsWhateverOfTheBytesItTouches() {
        breakpoint(PLACE, READ_OR_WRITE_4);
        a.mov(RAX, mem(PLACE - 7));
        Label first = here("first");
        a.mov(AL, mem(PLACE + 4)).mov(AX, mem(PLACE + 3));
        Label third = here("third");
        a.nop();
        trap(g.run(), first.address(), DR6_NONE | 1);
        trap(g.resume(), third.address(), DR6_NONE | 1);
    }

    @Test
    void aStringInstructionStopsAtTheElementThatHits() {
        breakpoint(PLACE + 8, WRITE_4);
        a.mov(RCX, 8).mov(RDI, PLACE).mov(EAX, 7);
        Label stos = here("stos");
        a.rep().stosd();
        trap(g.run(), stos.address(), DR6_NONE | 1);
        assertThat(g.gpr(1)).isEqualTo(5);
        assertThat(g.get32(PLACE + 8)).isEqualTo(7);
        assertThat(g.get32(PLACE + 12)).isZero();
    }

    @Test
    void aHitDuringALoadOfTheStackSegmentWaitsForTheNextInstruction() {
        breakpoint(PLACE, READ_OR_WRITE_4);
        g.put16(PLACE, Guest.DATA);
        a.mov(Sreg.SS, mem16(null, PLACE)).mov(EAX, 1);
        Label after = here("after");
        a.nop();
        trap(g.run(), after.address(), DR6_NONE | 1);
    }

    @Test
    void anInstructionThatFaultsDoesNotTrapToo() {
        breakpoint(PLACE, READ_OR_WRITE_4);
        a.mov(RSI, PLACE).mov(RDI, 0x60_0000).movsd();
        assertThat(g.run().event()).isEqualTo("#PF(0x2)");
        assertThat(g.state().dr[DR6]).isEqualTo(DR6_NONE);
    }

    @Test
    void aBreakpointOnAPortTrapsAfterTheAccess() {
        breakpoint(GuestCpu.COUNTER, PORT_1);
        a.mov(EDX, GuestCpu.COUNTER).in(AL);
        Label after = here("after");
        a.nop();
        trap(g.run(), after.address(), DR6_NONE | 1);
        assertThat(g.gpr(0) & 0xff).isEqualTo(1);
    }

    // --- the registers -----------------------------------------------------------------------------------------------------------

    @Test
    void generalDetectGuardsTheDebugRegisters() {
        g.start.dr[DR7] = 0x400 | 1 << 13;
        Guest.done(a.mov(RAX, Dreg.DR0));
        trap(g.run(), Guest.KERNEL, DR6_NONE | BD);
        assertThat(g.state().dr[DR7]).isEqualTo(0x400);
        assertThat(g.resume().event()).isEqualTo("done");
    }

    @Test
    void debugExtensionsTakeAwayDr4() {
        a.mov(RAX, Dreg.DR4);
        assertThat(g.run().event()).isEqualTo("#UD");
    }

    @Test
    void reservedBitsOfDr7ReadAsTheyMust() {
        Guest.done(a.mov(EAX, 0xffff_ffffL).and(EAX, ~(1 << 13) & 0xffff_ffffL).mov(Dreg.DR7, RAX).mov(RBX, Dreg.DR7).mov(EAX, 0)
                .mov(Dreg.DR7, RAX));
        g.start.dr[0] = 0x7_0000;
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(3)).isEqualTo(0xffff_07ffL);
    }

    @Test
    void int1TrapsWithoutACauseInDr6() {
        a.int1();
        trap(g.run(), here("after").address(), DR6_NONE);
    }

    @Test
    void trapsWithoutEndDoNotKeepTheProcessorFromBeingStopped() throws InterruptedException {
        try (Guest real = new Guest(engine, Mode.REAL)) {
            real.start.dr[0] = 4L * Vector.DB; // each delivery reads the vector, and so hits again
            real.start.dr[DR7] = READ_OR_WRITE_4;
            real.kernel().mov(DX, GuestCpu.COUNTER).in(AL).mov(AX, mem16(null, 4 * Vector.DB)).hlt();
            Thread kicker = Thread.ofPlatform().start(() -> {
                while (real.cpu().reads() == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
                real.cpu().kick();
            });
            assertThat(real.run().event()).isEqualTo("did not end");
            kicker.join();
        }
    }
}
