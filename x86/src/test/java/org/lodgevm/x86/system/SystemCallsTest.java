package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.R11D;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Mem.mem32;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.VcpuState;
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
    private static final int R11 = 11;

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
        assertThat(s.gpr[R11] & (Rflags.IF | Rflags.DF | Rflags.CF)).isEqualTo(Rflags.IF | Rflags.DF | Rflags.CF);
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
}
