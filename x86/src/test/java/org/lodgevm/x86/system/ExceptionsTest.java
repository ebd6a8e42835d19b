package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.CL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.ESP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.USER;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** Which exception it is, what it saves, and what becomes of one in the delivery of another. @sdm 3A:6.5, 3A:6.9, 3A:6.15 */
@OnEveryEngine
class ExceptionsTest {
    private static final int VA = 0x60_0000;
    private static final int FAR_SELECTOR = 0xfff8;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.PAE);
        a = g.kernel();
    }

    @AfterEach
    void close() {
        g.close();
    }

    private void absent(int vector) {
        g.gate(vector, Guest.CODE, 0, Descriptors.INTERRUPT_GATE & ~Descriptors.PRESENT, 0);
    }

    // --- faults and traps ------------------------------------------------------------------------------------------------------

    @Test
    void aFaultSavesItsOwnAddressAndResumeFlag() {
        a.mov(EAX, 1).mov(ECX, 0);
        Label divide = a.label("divide");
        a.div(ECX);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#DE");
        assertThat(stop.rip()).isEqualTo(divide.address());
        assertThat(stop.flag(Rflags.RF)).isTrue();
    }

    @Test
    void aTrapSavesTheNextAddress() {
        a.int3();
        Label next = a.label("next");
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#BP");
        assertThat(stop.rip()).isEqualTo(next.address());
        assertThat(stop.flag(Rflags.RF)).isFalse();
    }

    @Test
    void intoTrapsOnOverflowOnly() {
        a.mov(AL, 1).add(AL, 1).into().add(AL, 127).into();
        assertThat(g.run().event()).isEqualTo("#OF");
        assertThat(g.gpr(0) & 0xff).isEqualTo(129);
    }

    @Test
    void boundFaultsOutsideItsLimits() {
        g.put32(0x5000, -3);
        g.put32(0x5004, 5);
        a.mov(EAX, -3).bound(EAX, mem(0x5000)).mov(EAX, 6).bound(EAX, mem(0x5000));
        assertThat(g.run().event()).isEqualTo("#BR");
        assertThat(g.gpr(0)).isEqualTo(6);
    }

    @Test
    void lockBeforeAnInstructionThatCannotHaveItIsUndefined() {
        a.lock().mov(mem32(null, 0x5000), 1);
        assertThat(g.run().event()).isEqualTo("#UD");
        assertThat(g.get32(0x5000)).isZero();
    }

    @Test
    void anInstructionLongerThan15BytesIsAProtectionFault() {
        a.fill(15, 0x66).nop();
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void privilegedInstructionsFaultAtLevel3() {
        g.user().hlt();
        assertThat(g.runUser().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void x87InstructionsFaultWhileATaskSwitchIsUnnoticed() {
        g.start.cr0 |= Cr.CR0_TS;
        Guest.done(a.fninit());
        assertThat(g.run().event()).isEqualTo("#NM");
        g.change(s -> s.cr0 &= ~Cr.CR0_TS);
        assertThat(g.resume().event()).isEqualTo("done");
    }

    @Test
    void misalignedAccessesFaultAtLevel3IfAsked() {
        g.start.rflags |= Rflags.AC;
        g.user().mov(EBX, Guest.USER_STACK - 64).mov(ECX, mem(EBX)).mov(CL, mem(EBX, 1)).mov(ECX, mem(EBX, 2));
        assertThat(g.runUser().event()).isEqualTo("#AC(0x0)");
    }

    @Test
    void misalignedAccessesOfTheKernelAreFine() {
        g.start.rflags |= Rflags.AC;
        Guest.done(a.mov(ECX, mem(0x5001)));
        assertThat(g.run().event()).isEqualTo("done");
    }

    @Test
    void aReservedBitOfAControlRegisterIsAProtectionFault() {
        a.mov(EAX, Creg.CR4).or(EAX, 1 << 31).mov(Creg.CR4, EAX);
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }

    // --- which comes first -------------------------------------------------------------------------------------------------------

    @Test
    void theSegmentIsCheckedBeforeThePage() {
        g.descriptor(Guest.FREE, Descriptors.segment(VA, 0xff, Descriptors.DATA, 0));
        a.mov(EAX, Guest.FREE).mov(Sreg.ES, AX).mov(ECX, mem(0x100).in(Sreg.ES));
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void privilegeIsCheckedBeforeMemory() {
        g.user().lgdt(mem(VA));
        assertThat(g.runUser().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void anInterruptWaitsForTheInstructionButComesBeforeTheNextFault() {
        g.start.rflags |= Rflags.IF;
        a.mov(AL, 0x40).out(GuestCpu.RAISE, AL);
        Label faulting = a.label("faulting");
        a.ud2();
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("interrupt 0x40");
        assertThat(stop.rip()).isEqualTo(faulting.address());
        assertThat(g.resume().event()).isEqualTo("#UD");
    }

    // --- one in another ------------------------------------------------------------------------------------------------------------

    @Test
    void aProtectionFaultInTheDeliveryOfAnotherIsADoubleFault() {
        absent(Vector.GP);
        a.mov(EAX, 0x1000).mov(Sreg.ES, AX);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#DF(0x0)");
        assertThat(stop.rip()).isEqualTo(Guest.KERNEL + 5);
    }

    @Test
    void aPageFaultInTheDeliveryOfAPageFaultIsADoubleFault() {
        handlerWithAbsentDescriptor(Vector.PF);
        a.mov(ECX, mem(VA));
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#DF(0x0)");
        assertThat(stop.cr2()).isEqualTo(Guest.GDT + FAR_SELECTOR);
    }

    @Test
    void aPageFaultInTheDeliveryOfAProtectionFaultIsServedFirst() {
        handlerWithAbsentDescriptor(Vector.GP);
        g.user().hlt();
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#PF(0x0)");
        assertThat(stop.cr2()).isEqualTo(Guest.GDT + FAR_SELECTOR);
        assertThat(stop.rip()).isEqualTo(Guest.USER);
    }

    /** The page of the GDT that holds its code segment is not there. */
    private void handlerWithAbsentDescriptor(int vector) {
        g.gate(vector, FAR_SELECTOR, g.handler(vector), Descriptors.INTERRUPT_GATE, 0);
        g.start.gdtr = new VcpuState.Table(Guest.GDT, 0xffff);
        g.pages.put(Guest.GDT + FAR_SELECTOR, 1, 0);
    }

    @Test
    void anAbsentHandlerOfABenignExceptionIsNoDoubleFault() {
        absent(Vector.UD);
        a.ud2();
        assertThat(g.run().event()).isEqualTo("#NP(0x33)");
    }

    @Test
    void aFaultInTheDeliveryOfADoubleFaultShutsTheCpuDown() {
        absent(Vector.GP);
        absent(Vector.DF);
        a.mov(EAX, 0x1000).mov(Sreg.ES, AX);
        assertThat(g.run().event()).isEqualTo("shutdown");
        assertThat(g.cpu().failure()).contains("triple fault");
    }

    @Test
    void aFaultWhoseHandlerHasNoStackShutsTheCpuDown() {
        g.pages.put(VA, 1, 0);
        g.put32(Guest.TSS + 4, VA + PAGE);
        g.user().ud2();
        assertThat(g.runUser().event()).isEqualTo("shutdown");
    }

    @Test
    void theStackPointerStaysWhereAPushHasFaulted() {
        g.pages.map(VA, Guest.FRAMES, PAGE, USER | WRITABLE);
        g.user().mov(ESP, VA).push(0x1234);
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#PF(0x6)");
        assertThat(stop.cr2()).isEqualTo(VA - 4);
        assertThat(stop.rsp()).isEqualTo(VA);
    }
}
