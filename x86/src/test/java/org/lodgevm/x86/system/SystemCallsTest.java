package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.R10;
import static org.lodgevm.x86.asm.Gpr.R11;
import static org.lodgevm.x86.asm.Gpr.R11D;
import static org.lodgevm.x86.asm.Gpr.R12;
import static org.lodgevm.x86.asm.Gpr.R13;
import static org.lodgevm.x86.asm.Gpr.R8;
import static org.lodgevm.x86.asm.Gpr.R9;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Mem.mem32;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Rflags;

/** SYSCALL, SYSENTER, and the ways back. @sdm 3A:5.8.7, 3A:5.8.8 */
@OnEveryEngine
class SystemCallsTest {
    @Parameter
    Engine engine;

    /** SYSRET adds 8 for the stack and 16 for 64-bit code. */
    private static final long STAR = (long) Guest.CODE << 32 | (long) (Guest.USER_CODE - 16) << 48;

    private Guest g;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        g.start.msrs.put(Msr.IA32_STAR, STAR);
        g.start.msrs.put(Msr.IA32_LSTAR, (long) Guest.KERNEL);
        g.start.msrs.put(Msr.IA32_FMASK, (long) (Rflags.IF | Rflags.TF | Rflags.DF));
    }

    @AfterEach
    void close() {
        g.close();
    }

    @Test
    void syscallEntersTheKernelOnTheOldStackWithMaskedFlags() {
        g.start.rflags |= Rflags.IF | Rflags.DF | Rflags.CF;
        g.user().syscall();
        Label next = g.user().label("next");
        Guest.done(g.kernel());
        assertThat(g.runUser().event()).isEqualTo("done");
        VcpuState s = g.state();
        assertThat(s.gpr[1]).isEqualTo(next.address());
        assertThat(s.gpr[11] & (Rflags.IF | Rflags.DF | Rflags.CF)).isEqualTo(Rflags.IF | Rflags.DF | Rflags.CF);
        assertThat(s.rflags & (Rflags.IF | Rflags.DF | Rflags.CF)).isEqualTo(Rflags.CF);
        assertThat(s.segments[1].selector()).isEqualTo(Guest.CODE);
        assertThat(s.segments[2].selector()).isEqualTo(Guest.DATA);
        assertThat(s.gpr[4]).isEqualTo(Guest.USER_STACK);
    }

    @Test
    void sysretGoesBackToLevel3WithTheFlagsOfR11() {
        g.user().stc().syscall().ud2();
        g.kernel().clc().sysret(64);
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.cs()).isEqualTo(Guest.USER_CODE);
        assertThat(stop.flag(Rflags.CF)).isTrue();
    }

    @Test
    void sysretToAnAddressThatIsNotCanonicalFaultsInTheKernel() {
        g.kernel().mov(RCX, 0x8000_0000_0000L);
        Label sysret = g.kernel().label("sysret");
        g.kernel().sysret(64);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#GP(0x0)");
        assertThat(stop.rip()).isEqualTo(sysret.address());
        assertThat(stop.cs()).isEqualTo(Guest.CODE);
    }

    @Test
    void syscallIsUndefinedWhileDisabled() {
        g.start.msrs.merge(Msr.IA32_EFER, ~Cr.EFER_SCE, (a, b) -> a & b);
        g.user().syscall();
        assertThat(g.runUser().event()).isEqualTo("#UD");
    }

    @Test
    void sysretThatSetsTheTrapFlagTrapsBeforeTheFirstInstruction() {
        g.user().syscall();
        Label next = g.user().label("next");
        g.user().nop();
        g.kernel().or(R11D, Rflags.TF).sysret(64);
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#DB");
        assertThat(stop.rip()).isEqualTo(next.address());
    }

    @Test
    void syscallThatMasksTheTrapFlagIsNotSteppedInto() {
        g.start.rflags |= Rflags.TF;
        g.user().syscall();
        Guest.done(g.kernel());
        assertThat(g.runUser().event()).isEqualTo("done");
    }

    @Test
    void sysenterAndSysexitUseTheirRegisters() {
        g.start.msrs.put(Msr.IA32_SYSENTER_CS, 0x60L);
        g.start.msrs.put(Msr.IA32_SYSENTER_EIP, (long) Guest.KERNEL);
        g.start.msrs.put(Msr.IA32_SYSENTER_ESP, (long) Guest.KERNEL_STACK);
        g.start.rflags |= Rflags.IF;
        g.descriptor(0x60 + 32, Descriptors.flat(Descriptors.CODE | Descriptors.DPL3, Descriptors.LONG));
        Label back = new Label("back");
        g.user().sysenter().bind(back).ud2();
        g.kernel().pushf().mov(RCX, Guest.USER_STACK - 16).mov(RDX, back).sysexit(64);
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.rip()).isEqualTo(back.address());
        assertThat(stop.rsp()).isEqualTo(Guest.USER_STACK - 16);
        assertThat(stop.cs()).isEqualTo(0x60 + 32 | 3);
        assertThat(stop.ss()).isEqualTo(0x60 + 40 | 3);
        assertThat(g.get64(Guest.KERNEL_STACK - 8) & Rflags.IF).as("within the kernel").isZero();
    }

    @Test
    void sysenterWithoutACodeSegmentIsAProtectionFault() {
        g.user().sysenter();
        assertThat(g.runUser().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void sysenterIsAProtectionFaultInRealMode() {
        try (Guest real = new Guest(engine, Mode.REAL)) {
            real.start.msrs.put(Msr.IA32_SYSENTER_CS, (long) Guest.CODE);
            real.kernel().sysenter();
            assertThat(real.run().event()).startsWith("#GP");
        }
    }

    @Test
    void swapgsExchangesTheKernelsBase() {
        g.start.msrs.put(Msr.IA32_KERNEL_GS_BASE, 0x5000L);
        Guest.done(g.kernel().swapgs().mov(mem32(null, 8).in(Sreg.GS), 0x42).swapgs());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get32(0x5008)).isEqualTo(0x42);
        assertThat(g.state().segments[5].base()).isZero();
    }

    // --- often enough to be translated --------------------------------------------------------------------------------------

    private static final int ROUNDS = 300;

    /** A user who calls the system until RBX is 0. */
    private void rounds() {
        g.start.gpr[3] = ROUNDS;
        Label again = g.user().label("again");
        g.user().syscall().mov(R8, Sreg.CS).mov(R9, Sreg.SS).dec(EBX).jcc(Cond.NE, again);
    }

    @Test
    void everyRoundIsInTheRightModeWithTheRightBaseAndSelectors() {
        g.start.msrs.put(Msr.IA32_KERNEL_GS_BASE, 0x5000L);
        rounds();
        g.user().hlt();
        g.kernel().swapgs().inc(mem32(null, 8).in(Sreg.GS)).mov(mem32(null, 12).in(Sreg.GS), EBX).mov(R10, Sreg.CS).swapgs().sysret(64);
        Stop stop = g.runUser();
        assertThat(stop.event()).as("HLT is not the user's").isEqualTo("#GP(0x0)");
        assertThat(stop.cs()).isEqualTo(Guest.USER_CODE);
        assertThat(g.get32(0x5008)).isEqualTo(ROUNDS);
        assertThat(g.get32(0x500c)).isEqualTo(1);
        VcpuState s = g.state();
        assertThat(s.gpr[8]).isEqualTo(Guest.USER_CODE);
        assertThat(s.gpr[9]).isEqualTo(Guest.USER_CODE - 8);
        assertThat(s.gpr[10]).isEqualTo(Guest.CODE);
    }

    @Test
    void theUserHasNoMoreRightsThanBeforeAfterSysret() {
        rounds();
        g.user().mov(EAX, mem32(null, Guest.KERNEL_STACK - 8));
        g.kernel().mov(EAX, mem32(null, Guest.KERNEL_STACK - 8)).sysret(64);
        assertThat(g.runUser().event()).isEqualTo("#PF(0x5)");
    }

    @Test
    void theKernelHasItsRightsAfterSyscallAndFaultsAsTheKernel() {
        rounds();
        Label ud = new Label("ud");
        g.kernel().mov(EAX, mem32(null, Guest.KERNEL_STACK - 8)).cmp(EBX, 1).jcc(Cond.E, ud).sysret(64);
        g.kernel().bind(ud).ud2();
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.rip()).isEqualTo(ud.address());
        assertThat(stop.cs()).isEqualTo(Guest.CODE);
    }

    @Test
    void anInterruptThatTheKernelHoldsBackComesRightAfterSysret() {
        g.start.rflags |= Rflags.IF;
        g.start.gpr[3] = ROUNDS;
        Label again = g.user().label("again");
        g.user().syscall();
        Label next = g.user().label("next");
        g.user().dec(EBX).jcc(Cond.NE, again).ud2();
        Label back = new Label("back");
        g.kernel().cmp(EBX, 2).jcc(Cond.NE, back).mov(AL, 0x40).out(GuestCpu.RAISE, AL).bind(back).sysret(64);
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("interrupt 0x40");
        assertThat(stop.rip()).isEqualTo(next.address());
        assertThat(g.state().gpr[3]).isEqualTo(2);
    }

    @Test
    void flagsGoThroughTheKernelAndBack() {
        g.start.rflags |= Rflags.DF | Rflags.ID;
        g.start.gpr[3] = ROUNDS;
        Label again = g.user().label("again");
        g.user().stc().syscall().set(Cond.B, Gpr.R8B).dec(EBX).jcc(Cond.NE, again).pushf().ud2();
        g.kernel().pushf().pop(R12).clc().sysret(64);
        assertThat(g.runUser().event()).isEqualTo("#UD");
        VcpuState s = g.state();
        assertThat(s.gpr[8] & 0xff).isEqualTo(1);
        assertThat(s.gpr[12] & (Rflags.CF | Rflags.DF | Rflags.ID)).as("DF is masked").isEqualTo(Rflags.CF | Rflags.ID);
        assertThat(g.get64(Guest.USER_STACK - 8) & (Rflags.DF | Rflags.ID)).isEqualTo(Rflags.DF | Rflags.ID);
    }

    @Test
    void anotherTargetIsTheNextCallsTarget() {
        g.start.gpr[3] = ROUNDS;
        Label again = g.user().label("again");
        g.user().syscall().dec(EBX).jcc(Cond.NE, again).ud2();
        Label other = new Label("other");
        Label back = new Label("back");
        g.kernel().cmp(EBX, 100).jcc(Cond.NE, back).mov(R12, RCX).mov(R13, R11).mov(ECX, Msr.IA32_LSTAR).mov(EAX, other).xor(EDX, EDX).wrmsr();
        g.kernel().mov(RCX, R12).mov(R11, R13).bind(back).sysret(64);
        g.kernel().bind(other).inc(EDI).sysret(64);
        g.start.gpr[7] = 0;
        assertThat(g.runUser().event()).isEqualTo("#UD");
        assertThat(g.state().gpr[7]).isEqualTo(99);
    }
}
