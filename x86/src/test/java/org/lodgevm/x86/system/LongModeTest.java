package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBP;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;

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
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Rflags;

/** Gates, stacks, addresses and segments of IA-32e mode. @sdm 3A:5.8.3.1, 3A:6.14, 1:3.3.7.1 */
@OnEveryEngine
class LongModeTest {
    private static final int VECTOR = 0x50;
    private static final long NOT_CANONICAL = 0x8000_0000_0000L;

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

    @Test
    void aFrameIsAlignedTo16BytesAndAlwaysHoldsTheStack() {
        a.sub(RSP, 8).interrupt(VECTOR);
        Stop stop = g.run();
        assertThat(stop.frame()).isEqualTo(Guest.KERNEL_STACK - 16 - 40);
        assertThat(stop.rsp()).isEqualTo(Guest.KERNEL_STACK - 8);
        assertThat(stop.ss()).isEqualTo(Guest.DATA);
    }

    @Test
    void anInterruptFromLevel3EntersWithANullStackSelector() {
        g.gate(VECTOR, Guest.CODE, g.handler(VECTOR), Descriptors.INTERRUPT_GATE | Descriptors.DPL3, 0);
        g.user().interrupt(VECTOR).ud2();
        Stop stop = g.runUser();
        assertThat(stop.frame()).isEqualTo(Guest.INNER_STACK - 40);
        assertThat(stop.ss()).isEqualTo(Guest.USER_DATA);
        assertThat(g.state().segments[2].selector()).isZero();
        assertThat(g.resume().event()).as("IRET goes back").isEqualTo("#UD");
    }

    @Test
    void theInterruptStackTableSwitchesStacksWithoutAChangeOfLevel() {
        g.gate(VECTOR, Guest.CODE, g.handler(VECTOR), Descriptors.INTERRUPT_GATE, 1);
        a.interrupt(VECTOR);
        Stop stop = g.run();
        assertThat(stop.frame()).isEqualTo(Guest.IST_STACK - 40);
        assertThat(g.state().segments[2].selector()).isEqualTo(Guest.DATA);
    }

    @Test
    void gatesOf32BitsAndTaskGatesDoNotExist() {
        g.gate(VECTOR, Guest.CODE, 0, Descriptors.TASK_GATE, 0);
        a.interrupt(VECTOR);
        assertThat(g.run().event()).isEqualTo("#GP(0x282)");
    }

    @Test
    void aHandlerMustBe64BitCode() {
        g.gate(VECTOR, Guest.CODE32, 0, Descriptors.INTERRUPT_GATE, 0);
        a.interrupt(VECTOR);
        assertThat(g.run().event()).isEqualTo("#GP(0x38)");
    }

    @Test
    void addressesThatAreNotCanonicalFault() {
        a.mov(RBX, NOT_CANONICAL).mov(EAX, mem(RBX));
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void aStackAddressThatIsNotCanonicalIsAStackFault() {
        a.mov(RBP, NOT_CANONICAL - 4).mov(RAX, mem(RBP));
        assertThat(g.run().event()).isEqualTo("#SS(0x0)");
    }

    @Test
    void aJumpToAnAddressThatIsNotCanonicalFaultsAtTheJump() {
        a.mov(RAX, NOT_CANONICAL);
        Label jump = a.label("jump");
        a.jmp(RAX);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#GP(0x0)");
        assertThat(stop.rip()).isEqualTo(jump.address());
    }

    @Test
    void fiveLevelsOfTablesWidenCanonicalAddresses() {
        try (Guest wide = new Guest(engine, Mode.LONG5)) {
            wide.kernel().mov(RBX, NOT_CANONICAL).mov(EAX, mem(RBX));
            Stop stop = wide.run();
            assertThat(stop.event()).isEqualTo("#PF(0x0)");
            assertThat(stop.cr2()).isEqualTo(NOT_CANONICAL);
        }
    }

    @Test
    void whatAGuestThatBeganUnderKvmTellsItsHostIsKept() {
        a.mov(ECX, Msr.KVM_PV_EOI).mov(EAX, 0x5001).mov(EDX, 0).wrmsr();
        a.mov(ECX, Msr.KVM_STEAL_TIME).mov(EAX, 0x6001).wrmsr();
        a.mov(ECX, Msr.KVM_ASYNC_PF_EN).mov(EAX, 0x7009).wrmsr().mov(ECX, Msr.KVM_ASYNC_PF_INT).mov(EAX, 0xf3).wrmsr();
        a.mov(ECX, Msr.KVM_ASYNC_PF_ACK).mov(EAX, 1).wrmsr().mov(EAX, 0);
        Guest.done(a.mov(ECX, Msr.KVM_PV_EOI).rdmsr());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(0x5001);
        assertThat(g.state().msrs).containsEntry(Msr.KVM_STEAL_TIME, 0x6001L)
                .containsEntry(Msr.KVM_ASYNC_PF_EN, 0x7009L).containsEntry(Msr.KVM_ASYNC_PF_INT, 0xf3L);
    }

    @Test
    void basesOfFsAndGsCountTheOthersDoNot() {
        g.put64(0x5008, 0x1122);
        a.mov(ECX, Msr.IA32_FS_BASE).mov(EAX, 0x5000).mov(EDX, 0).wrmsr();
        Guest.done(a.mov(RAX, mem(8).in(Sreg.FS)).mov(RCX, mem(0x5008).in(Sreg.ES)));
        g.start.segments[0] = new VcpuState.Segment(Guest.DATA, 0x7_0000, -1, 0xc093);
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(0x1122);
        assertThat(g.gpr(1)).isEqualTo(0x1122);
    }

    @Test
    void aNullStackSelectorIsFineAtLevel0() {
        a.mov(EAX, 0).mov(Sreg.SS, AX).push(RAX);
        Guest.done(a);
        assertThat(g.run().event()).isEqualTo("done");
    }

    @Test
    void aCallGateOf64BitsPushesNoParameters() {
        g.descriptor(Guest.FREE, Descriptors.gate(Guest.CODE, Guest.KERNEL, Descriptors.CALL_GATE | Descriptors.DPL3, 3));
        g.put64(Guest.GDT + Guest.FREE + 8, 0);
        Assembler user = g.user();
        Label pointer = new Label("pointer");
        Label over = new Label("over");
        user.jmp(over).align(8).bind(pointer).dd(0).dw(Guest.FREE).bind(over).callFar(32, mem(pointer));
        Label back = user.label("back");
        user.ud2();
        a.mov(RBX, RSP).mov(RCX, mem(RSP, 24)).retf(64);
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.rip()).isEqualTo(back.address());
        assertThat(g.gpr(3)).isEqualTo(Guest.INNER_STACK - 32);
        assertThat(g.gpr(1)).as("outer SS").isEqualTo(Guest.USER_DATA);
    }

    @Test
    void compatibilityModeAddressesWrapAndInterruptsLeaveIt() {
        g.descriptor(Guest.FREE, Descriptors.segment(0xffff_f000L, 0xf_ffff, Descriptors.DATA, Descriptors.BIG | Descriptors.PAGES));
        Label code32 = new Label("code32");
        Label pointer = new Label("pointer");
        a.jmpFar(32, mem(pointer)).align(8).bind(pointer).dd(code32).dw(Guest.CODE32);
        g.put32(0x5000, 0x6789);
        a.bits32().bind(code32).mov(EAX, Guest.FREE).mov(Sreg.ES, AX).mov(ECX, mem(0x6000).in(Sreg.ES)).ud2();
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.cs()).isEqualTo(Guest.CODE32);
        assertThat(g.gpr(1)).isEqualTo(0x6789);
        assertThat(g.state().segments[1].selector()).isEqualTo(Guest.CODE);
    }

    @Test
    void pagingCannotBeTurnedOffIn64BitCode() {
        a.mov(RAX, Creg.CR0).and(EAX, ~Cr.CR0_PG & 0xffff_ffffL).mov(Creg.CR0, RAX);
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }

    /** Whatever null selector a register has, level 3 finds 0; so it cannot tell that it was interrupted. */
    @Test
    void aReturnToLevel3MakesNullSelectorsZero() {
        a.mov(EAX, 3).mov(Sreg.DS, AX).mov(EAX, 1).mov(Sreg.GS, AX);
        a.push(Guest.USER_DATA).push(Guest.USER_STACK).push(0x2L).push(Guest.USER_CODE).push(Guest.USER).iret(64);
        g.user().ud2();
        assertThat(g.run().event()).isEqualTo("#UD");
        VcpuState.Segment[] segments = g.state().segments;
        assertThat(segments[3].selector()).isZero();
        assertThat(segments[5].selector()).isZero();
        assertThat(segments[0].selector()).as("of level 0").isZero();
    }

    @Test
    void iretWithNestedTaskSetFaults() {
        g.start.rflags |= Rflags.NT;
        a.iret(64);
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }
}
