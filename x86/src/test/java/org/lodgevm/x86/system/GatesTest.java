package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.ESP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Rflags;

/** Interrupt, trap and call gates of 32-bit protected mode, and the returns through them. @sdm 3A:5.8, 3A:6.12 */
@OnEveryEngine
class GatesTest {
    private static final int VECTOR = 0x50;
    private static final int GATE = Guest.FREE;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.FLAT32);
        a = g.kernel();
    }

    @AfterEach
    void close() {
        g.close();
    }

    @Test
    void anInterruptGateMasksInterruptsAndATrapGateDoesNot() {
        g.gate(VECTOR + 1, Guest.CODE, g.handler(VECTOR + 1), Descriptors.TRAP_GATE, 0);
        a.sti().interrupt(VECTOR).interrupt(VECTOR + 1);
        assertThat(g.run().flag(Rflags.IF)).isTrue();
        assertThat(g.state().rflags & Rflags.IF).isZero();
        assertThat(g.resume().event()).isEqualTo("interrupt 0x51");
        assertThat(g.state().rflags & Rflags.IF).isNotZero();
    }

    @Test
    void aHandlerOfLevel0RunsOnTheStackOfTheTss() {
        g.gate(VECTOR, Guest.CODE, g.handler(VECTOR), Descriptors.INTERRUPT_GATE | Descriptors.DPL3, 0);
        g.user().interrupt(VECTOR);
        Label next = g.user().label("next");
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("interrupt 0x50");
        assertThat(stop.rip()).isEqualTo(next.address());
        assertThat(stop.cs()).isEqualTo(Guest.USER_CODE);
        assertThat(stop.rsp()).isEqualTo(Guest.USER_STACK);
        assertThat(stop.ss()).isEqualTo(Guest.USER_DATA);
        assertThat(stop.frame()).isEqualTo(Guest.INNER_STACK - 20);
        assertThat(g.state().segments[2].selector()).isEqualTo(Guest.DATA);
    }

    @Test
    void level3CannotCallAGateOfLevel0() {
        g.user().interrupt(VECTOR);
        assertThat(g.runUser().event()).isEqualTo("#GP(0x282)");
    }

    @Test
    void anExternalInterruptNeedsNoPrivilege() {
        g.start.rflags |= Rflags.IF;
        g.cpu().interrupt(VECTOR);
        g.user().nop().nop();
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("interrupt 0x50");
        assertThat(stop.cs()).isEqualTo(Guest.USER_CODE);
    }

    @Test
    void anAbsentGateFaultsWithTheVector() {
        g.gate(VECTOR, Guest.CODE, 0, Descriptors.INTERRUPT_GATE & ~Descriptors.PRESENT, 0);
        a.interrupt(VECTOR);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#NP(0x282)");
        assertThat(stop.rip()).isEqualTo(Guest.KERNEL);
    }

    @Test
    void aFaultInDeliveringAnExternalInterruptSaysSo() {
        g.gate(VECTOR, Guest.CODE, 0, Descriptors.INTERRUPT_GATE & ~Descriptors.PRESENT, 0);
        g.start.rflags |= Rflags.IF;
        g.cpu().interrupt(VECTOR);
        a.nop().nop();
        assertThat(g.run().event()).isEqualTo("#NP(0x283)");
    }

    @Test
    void aGateOf16BitsPushes16Bits() {
        int handler = 0xb800;
        g.gate(VECTOR, Guest.CODE, 0x7_0000 + handler, Descriptors.INTERRUPT_GATE16, 0);
        g.memory.write(handler, Guest.done(new Assembler(handler).bits32()).toBytes());
        a.stc().interrupt(VECTOR);
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(4)).isEqualTo(Guest.KERNEL_STACK - 6);
        assertThat(g.get16(Guest.KERNEL_STACK - 6)).isEqualTo(Guest.KERNEL + 3);
        assertThat(g.get16(Guest.KERNEL_STACK - 4)).isEqualTo(Guest.CODE);
        assertThat(g.get16(Guest.KERNEL_STACK - 2) & Rflags.CF).isNotZero();
    }

    @Test
    void aTssTooShortForTheInnerStackIsATssFault() {
        handlerOfLevel1();
        g.start.tr = new VcpuState.Segment(Guest.TASK, Guest.TSS, 11, Descriptors.TSS_BUSY);
        g.user().interrupt(VECTOR);
        assertThat(g.runUser().event()).isEqualTo("#TS(0x40)");
    }

    @Test
    void anInnerStackOfTheWrongPrivilegeIsATssFault() {
        handlerOfLevel1();
        g.put16(Guest.TSS + 16, Guest.USER_DATA);
        g.user().interrupt(VECTOR);
        assertThat(g.runUser().event()).isEqualTo("#TS(0x20)");
    }

    @Test
    void aNullInnerStackIsATssFault() {
        handlerOfLevel1();
        g.user().interrupt(VECTOR);
        assertThat(g.runUser().event()).isEqualTo("#TS(0x0)");
    }

    /** Its stack is SS1:ESP1, while that of level 0 is good. */
    private void handlerOfLevel1() {
        g.descriptor(GATE, Descriptors.flat(Descriptors.CODE | 1 << 5, Descriptors.BIG));
        g.gate(VECTOR, GATE | 1, g.handler(VECTOR), Descriptors.INTERRUPT_GATE | Descriptors.DPL3, 0);
    }

    // --- call gates --------------------------------------------------------------------------------------------------------

    @Test
    void aCallGateCopiesParametersToTheInnerStack() {
        g.descriptor(GATE, Descriptors.gate(Guest.CODE, Guest.KERNEL, Descriptors.CALL_GATE | Descriptors.DPL3, 2));
        Assembler user = g.user();
        user.push(0x1111).push(0x2222).callFar(32, GATE, 0);
        Label back = user.label("back");
        user.ud2();
        a.mov(EAX, mem(ESP, 8)).mov(EBX, mem(ESP, 12)).mov(ECX, mem(ESP, 16)).mov(EDX, mem(ESP, 20)).retf(32, 8);
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.rip()).isEqualTo(back.address());
        assertThat(stop.rsp()).isEqualTo(Guest.USER_STACK);
        assertThat(g.gpr(0)).isEqualTo(0x2222);
        assertThat(g.gpr(3)).isEqualTo(0x1111);
        assertThat(g.gpr(1)).as("outer ESP").isEqualTo(Guest.USER_STACK - 8);
        assertThat(g.gpr(2)).as("outer SS").isEqualTo(Guest.USER_DATA);
    }

    @Test
    void aCallGateOfTheSameLevelPushesTheReturnAddressAlone() {
        Label target = new Label("target");
        a.callFar(32, GATE, 0).bind(target);
        Guest.done(a);
        g.descriptor(GATE, Descriptors.gate(Guest.CODE, target.address(), Descriptors.CALL_GATE, 5));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(4)).isEqualTo(Guest.KERNEL_STACK - 8);
    }

    @Test
    void aCallGateOfLevel0RefusesLevel3() {
        g.descriptor(GATE, Descriptors.gate(Guest.CODE, Guest.KERNEL, Descriptors.CALL_GATE, 0));
        g.user().callFar(32, GATE | 3, 0);
        assertThat(g.runUser().event()).isEqualTo("#GP(0x60)");
    }

    @Test
    void aJumpThroughACallGateCannotRaisePrivilege() {
        g.descriptor(GATE, Descriptors.gate(Guest.CODE, Guest.KERNEL, Descriptors.CALL_GATE | Descriptors.DPL3, 0));
        g.user().jmpFar(32, GATE, 0);
        assertThat(g.runUser().event()).isEqualTo("#GP(0x8)");
    }

    // --- returns -----------------------------------------------------------------------------------------------------------

    @Test
    void aReturnToLevel3TakesAwayTheKernelsDataSegments() {
        Label user = Label.at("user", Guest.USER);
        a.mov(EAX, Guest.USER_DATA).mov(Sreg.FS, AX);
        a.push(Guest.USER_DATA).push(Guest.USER_STACK).push(Guest.USER_CODE).push(user).retf(32);
        g.user().mov(ECX, mem(0).in(Sreg.FS)).mov(ECX, mem(0).in(Sreg.ES));
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#GP(0x0)");
        assertThat(stop.rip()).isGreaterThan(Guest.USER);
        assertThat(g.state().segments[0].selector()).isZero();
        assertThat(g.state().segments[4].selector()).isEqualTo(Guest.USER_DATA);
    }

    @Test
    void aReturnCannotRaisePrivilege() {
        g.user().push(Guest.CODE).push(Guest.KERNEL).retf(32);
        assertThat(g.runUser().event()).isEqualTo("#GP(0x8)");
    }

    @Test
    void iretOfLevel3ChangesNeitherIoplNorTheInterruptFlag() {
        g.user().push(Rflags.IOPL | Rflags.IF | Rflags.CF).push(Guest.USER_CODE).push(Guest.USER + 32).iret(32).align(32).ud2();
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.rflags() & (Rflags.IOPL | Rflags.IF | Rflags.CF)).isEqualTo(Rflags.CF);
    }

    @Test
    void aReturnThatFaultsLeavesTheStackAsItWas() {
        a.push(Guest.USER_DATA).push(Guest.USER_STACK).push(Guest.USER_CODE).push(Guest.USER).mov(mem32(ESP, 12), Guest.DATA);
        a.retf(32);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#GP(0x10)");
        assertThat(stop.cs()).isEqualTo(Guest.CODE);
        assertThat(stop.frame()).isEqualTo(Guest.KERNEL_STACK - 16 - 12);
    }
}
