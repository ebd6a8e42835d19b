package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.ESI;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Mem.mem32;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.Debuggable.Motion;
import org.lodgevm.machine.Debuggable.Stops;
import org.lodgevm.machine.Debuggable.Watchpoint;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.state.Rflags;

/** A debugger from outside, in code that is translated where there is a translator. */
@OnEveryEngine
class DebuggerTest {
    private static final int RCX_NUMBER = 1;
    private static final int PLACE = 0x5000;
    private static final int TURNS = 1000;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;
    private Label middle;
    private Label write;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** Counts ECX down, and EBX up, which it writes to memory now and then. */
    private void loop() {
        a.mov(ESI, PLACE);
        a.mov(ECX, TURNS);
        a.mov(EBX, 0);
        Label top = a.label("top");
        a.add(EBX, 1);
        middle = a.label("middle");
        a.add(EAX, EBX);
        write = a.label("write");
        a.mov(mem32(RSI, 0), EBX);
        Label after = a.label("after");
        a.sub(ECX, 1);
        a.jcc(Cond.NE, top);
        Guest.done(a);
        assertThat(after.address()).isGreaterThan(write.address());
    }

    private void debug(Motion motion, long... breakpoints) {
        g.cpu().debug(new Stops(Set.of(java.util.Arrays.stream(breakpoints).boxed().toArray(Long[]::new)), List.of()), motion);
    }

    private void watch(boolean reads, boolean writes, int size) {
        g.cpu().debug(new Stops(Set.of(), List.of(new Watchpoint(PLACE, size, reads, writes))), Motion.GO);
    }

    private long turn() {
        return TURNS - g.gpr(RCX_NUMBER);
    }

    @Test
    void aBreakpointStopsBeforeItsInstructionEachTime() {
        loop();
        debug(Motion.GO, middle.address());
        assertThat(g.run().event()).isEqualTo("breakpoint " + Long.toHexString(middle.address()));
        assertThat(g.state().rip).isEqualTo(middle.address());
        assertThat(turn()).isZero();
        stepOver();
        assertThat(g.resume().event()).startsWith("breakpoint");
        assertThat(turn()).isEqualTo(1);
    }

    /** As debuggers do it: the breakpoint away, one instruction, the breakpoint there again. */
    private void stepOver() {
        debug(Motion.STEP);
        assertThat(g.resume().event()).isEqualTo("stepped");
        debug(Motion.GO, middle.address());
    }

    @Test
    void codeThatWasRunAndTranslatedBeforeStopsToo() {
        loop();
        assertThat(g.run().event()).isEqualTo("done");
        debug(Motion.GO, middle.address());
        assertThat(g.run().event()).startsWith("breakpoint");
        assertThat(turn()).isZero();
        debug(Motion.GO);
        assertThat(g.resume().event()).as("and without them it runs as before").isEqualTo("done");
    }

    @Test
    void aStepIsOneInstruction() {
        loop();
        debug(Motion.GO, middle.address());
        g.run();
        debug(Motion.STEP);
        assertThat(g.resume().event()).isEqualTo("stepped");
        assertThat(g.state().rip).isEqualTo(write.address());
    }

    @Test
    void aStepDoesNotTakeAnInterruptButGoesOnToOne() {
        a.sti();
        a.nop();
        a.nop();
        Guest.done(a);
        debug(Motion.STEP);
        g.start.rflags |= Rflags.IF;
        g.cpu().interrupt(0x30);
        assertThat(g.run().event()).isEqualTo("stepped");
        assertThat(g.state().rip).isEqualTo(Guest.KERNEL + 1);
        debug(Motion.GO);
        assertThat(g.resume().event()).isEqualTo("interrupt 0x30");
    }

    @Test
    void theGuestDoesNotSeeIt() {
        loop();
        debug(Motion.GO, middle.address());
        g.run();
        assertThat(g.state().dr).containsExactly(0, 0, 0, 0, 0xffff_0ff0L, 0x400);
        assertThat(g.state().rflags & (Rflags.TF | Rflags.RF)).isZero();
        assertThat(g.get8(middle.address())).as("no INT3").isEqualTo(0x01);
    }

    @Test
    void aWatchedWriteStopsAfterItsInstruction() {
        loop();
        watch(false, true, 4);
        assertThat(g.run().event()).isEqualTo("watched 5000");
        assertThat(g.get32(PLACE)).isEqualTo(1);
        assertThat(g.state().rip).isGreaterThan(write.address());
        assertThat(g.resume().event()).isEqualTo("watched 5000");
        assertThat(g.get32(PLACE)).isEqualTo(2);
    }

    @Test
    void aWriteBesideOrAReadIsNotOne() {
        a.mov(ESI, PLACE);
        a.mov(EAX, mem32(RSI, 0));
        a.mov(mem32(RSI, 8), EAX);
        Guest.done(a);
        watch(false, true, 8);
        assertThat(g.run().event()).isEqualTo("done");
        watch(true, false, 8);
        assertThat(g.run().event()).isEqualTo("watched 5000");
    }

    @Test
    void anInstructionThatFaultsIsNotReportedAsAnAccess() {
        a.mov(RAX, -1L >>> 1);
        a.mov(mem32(RAX, 0), EAX);
        watch(true, true, 8);
        assertThat(g.run().event()).startsWith("#GP");
    }

    @Test
    void aWatchpointThatIsTakenAwayLetsThemPass() {
        loop();
        watch(true, true, 4);
        g.run();
        debug(Motion.GO);
        assertThat(g.resume().event()).isEqualTo("done");
    }

    @Test
    void aCpuThatIsHeldWaitsForItsKick() throws InterruptedException {
        a.out(GuestCpu.DONE, AL);
        debug(Motion.HOLD);
        Thread kicker = Thread.ofPlatform().start(g.cpu()::kick);
        assertThat(g.run().event()).isEqualTo("did not end");
        kicker.join();
        assertThat(g.state().rip).isEqualTo(Guest.KERNEL);
    }
}
