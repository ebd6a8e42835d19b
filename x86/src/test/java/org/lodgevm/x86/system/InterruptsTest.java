package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Rflags;

/** When interrupts and NMIs are taken. @sdm 3A:6.7, 3A:6.8 */
@OnEveryEngine
class InterruptsTest {
    private static final int VECTOR = 0x40;
    /** How many were taken, and how many of them too early. */
    private static final int COUNTS = Guest.LOW_MEMORY - 0x1000;
    private static final int TAKEN = 500;

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

    private Assembler raise(int vector) {
        return a.mov(AL, vector).out(GuestCpu.RAISE, AL);
    }

    private void taken(Stop stop, Label at) {
        assertThat(stop.event()).isEqualTo("interrupt 0x40");
        assertThat(stop.rip()).isEqualTo(at.address());
    }

    @Test
    void aMaskedInterruptWaits() {
        Guest.done(raise(VECTOR).nop());
        assertThat(g.run().event()).isEqualTo("done");
    }

    @Test
    void stiEnablesAfterTheNextInstruction() {
        raise(VECTOR).sti().mov(EBX, 1);
        Label after = a.label("after");
        a.mov(EBX, 2).nop();
        taken(g.run(), after);
    }

    @Test
    void stiWhileEnabledDelaysNothing() {
        g.start.rflags |= Rflags.IF;
        a.sti().mov(EBX, 1);
        raise(VECTOR);
        Label after = a.label("after");
        a.nop();
        taken(g.run(), after);
    }

    /** Both may come when STI has been executed and the next instruction, over a boundary of pages, has been left to the interpreter. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingComesBetweenStiAndAnInstructionThatIsNotTranslated(boolean nmi) throws InterruptedException {
        int vector = nmi ? 2 : VECTOR;
        g.gate(vector, Guest.CODE, Guest.USER, Descriptors.INTERRUPT_GATE, 0);
        Label again = new Label();
        Label behindSti = new Label();
        Label wait = new Label();
        a.inc(mem32(null, COUNTS)).bind(wait).sti().bind(behindSti).test(mem32(null, COUNTS - 2), 0).cli().nop();
        Guest.done(a.cmp(mem32(null, COUNTS), TAKEN).jcc(Cond.B, wait));
        g.user().inc(mem32(null, COUNTS)).cmp(mem64(RSP, 0), (int) behindSti.address()).jcc(NE, again).inc(mem32(null, COUNTS + 4)).bind(again).iret(64);
        Thread device = Thread.ofPlatform().start(() -> {
            int seen = 0; // a guest that has not begun would not keep it
            while (seen < TAKEN && !Thread.interrupted()) {
                int count = g.get32(COUNTS);
                if (count == seen) {
                    Thread.yield();
                } else if (nmi) {
                    g.cpu().nmi();
                } else {
                    g.cpu().interrupt(vector);
                }
                seen = count;
            }
        });
        assertThat(g.run().event()).isEqualTo("done");
        device.interrupt();
        device.join();
        assertThat(g.get32(COUNTS + 4)).as("taken between").isZero();
    }

    @Test
    void popfEnablesAtOnce() {
        raise(VECTOR).pushf().or(mem32(RSP, 0), Rflags.IF).popf();
        Label after = a.label("after");
        a.nop();
        taken(g.run(), after);
    }

    @Test
    void aLoadOfTheStackSegmentHoldsInterruptsBackForOneInstruction() {
        raise(VECTOR).mov(EAX, Guest.DATA).sti().mov(Sreg.SS, AX).mov(EBX, 1);
        Label after = a.label("after");
        a.nop();
        taken(g.run(), after);
    }

    @Test
    void haltWakesForAnInterruptAndGoesOnBehindIt() {
        raise(VECTOR).sti().hlt();
        Label after = a.label("after");
        Guest.done(a);
        taken(g.run(), after);
        assertThat(g.resume().event()).isEqualTo("done");
    }

    @Test
    void haltWakesForAnInterruptFromAnotherThread() throws InterruptedException {
        a.sti().hlt();
        Label after = a.label("after");
        a.nop();
        Thread device = Thread.ofPlatform().start(() -> g.cpu().interrupt(VECTOR));
        taken(g.run(), after);
        device.join();
    }

    @Test
    void anNmiIsTakenWhateverTheInterruptFlag() {
        a.out(GuestCpu.NMI, AL);
        Label after = a.label("after");
        a.nop();
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("NMI");
        assertThat(stop.rip()).isEqualTo(after.address());
    }

    @Test
    void anNmiBlocksOthersUntilIret() {
        g.gate(2, Guest.CODE, Guest.USER, Descriptors.INTERRUPT_GATE, 0);
        g.user().inc(EBX).out(GuestCpu.NMI, AL).nop().cmp(EBX, 2);
        Label once = new Label("once");
        g.user().jcc(NE, once);
        Guest.done(g.user()).bind(once).iret(64);
        a.mov(EBX, 0).out(GuestCpu.NMI, AL).nop();
        a.hlt();
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(3)).isEqualTo(2);
        assertThat(g.gpr(4)).as("not nested: one frame on the stack").isEqualTo(Guest.KERNEL_STACK - 40);
    }

    @Test
    void twoNmisBeforeTheFirstIsTakenAreBothTaken() {
        g.gate(2, Guest.CODE, Guest.USER, Descriptors.INTERRUPT_GATE, 0);
        g.user().inc(EBX).iret(64);
        g.start.nmiPending = true;
        g.start.interruptShadow = true;
        Guest.done(a.out(GuestCpu.NMI, AL).nop());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(3)).isEqualTo(2);
    }
}
