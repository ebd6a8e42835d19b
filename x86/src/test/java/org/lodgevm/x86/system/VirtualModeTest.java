package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.BX;
import static org.lodgevm.x86.asm.Mem.mem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Rflags;

/** Virtual-8086 tasks under a 32-bit monitor. @sdm 3A:21 */
@OnEveryEngine
class VirtualModeTest {
    private static final int VECTOR = 0x50;
    private static final int SEGMENT = Guest.USER >> 4;
    private static final int STACK_TOP = 0xff0;
    private static final int STACK_SEGMENT = Guest.USER_STACK - 0x1000 >> 4;
    @Parameter
    Engine engine;

    /** TSS with a redirection map and an I/O map behind its fixed part. */
    private static final int MAPS = Guest.TSS_LIMIT + 1;
    private static final int REDIRECTIONS = 32;
    /** Where in the kernel SYSENTER may go, to stop the guest. */
    private static final int ENTRY_OFFSET = 0x80;

    private Guest g;
    private Assembler task;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.PAGED32);
        g.pages.change(0, 1, PageTables.USER, 0);
        task = new Assembler(0).bits16();
        g.put16(Guest.TSS + 102, MAPS + REDIRECTIONS);
        g.start.tr = new VcpuState.Segment(Guest.TASK, Guest.TSS, MAPS + REDIRECTIONS + 0x100, Descriptors.TSS_BUSY);
        for (int vector : new int[] {3, 4, VECTOR}) {
            g.gate(vector, Guest.CODE, g.handler(vector), Descriptors.INTERRUPT_GATE | Descriptors.DPL3, 0);
        }
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** Enters the task by IRET from the kernel. */
    private Stop run(int flags) {
        Assembler a = g.kernel();
        a.push(0x3333).push(0x4444).push(STACK_SEGMENT).push(0x2222); // GS, FS, DS, ES
        a.push(STACK_SEGMENT).push(STACK_TOP).push(Rflags.VM | flags | Rflags.FIXED).push(SEGMENT).push(0).iret(32);
        Guest.done(a.align(ENTRY_OFFSET));
        g.user().bytes(task.toBytes());
        return g.run();
    }

    private int stack(int offset) {
        return g.get16((STACK_SEGMENT << 4) + STACK_TOP + offset);
    }

    @Test
    void anExceptionSavesTheTasksSegmentsAndNullsThem() {
        task.mov(AX, Sreg.CS).ud2();
        Stop stop = run(0);
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.rip()).isEqualTo(2);
        assertThat(stop.cs()).isEqualTo(SEGMENT);
        assertThat(stop.flag(Rflags.VM)).isTrue();
        assertThat(stop.ss()).isEqualTo(STACK_SEGMENT);
        assertThat(stop.rsp()).isEqualTo(STACK_TOP);
        assertThat(g.get32(stop.frame() + 20)).as("ES").isEqualTo(0x2222);
        assertThat(g.get32(stop.frame() + 32)).as("GS").isEqualTo(0x3333);
        assertThat(g.state().segments[3].selector()).isZero();
        assertThat(g.state().rflags & Rflags.VM).isZero();
        assertThat(g.gpr(0) & 0xffff).isEqualTo(SEGMENT);
    }

    @Test
    void avxIsUndefined() {
        g.start.cr4 |= Cr.CR4_OSXSAVE;
        g.start.xcr0 = 7;
        task.db(0xC5, 0xF8, 0x77);
        assertThat(run(0).event()).as("vzeroupper").isEqualTo("#UD");
    }

    @Test
    void segmentsAreParagraphs() {
        g.put16(Guest.USER_STACK - 0x1000 + 0x20, 0xabcd);
        task.mov(BX, 0x20).mov(AX, mem(BX)).ud2();
        assertThat(run(0).event()).isEqualTo("#UD");
        assertThat(g.gpr(0) & 0xffff).isEqualTo(0xabcd);
    }

    @Test
    void sensitiveInstructionsTrapToTheMonitorBelowIopl3() {
        task.cli();
        assertThat(run(0).event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void withIopl3TheTaskOwnsTheInterruptFlag() {
        task.cli().pushf().sti().ud2();
        Stop stop = run(Rflags.IOPL | Rflags.IF);
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stack(-2) & Rflags.IF).isZero();
        assertThat(stop.flag(Rflags.IF)).isTrue();
    }

    @Test
    void aSoftwareInterruptTrapsBelowIopl3AndGoesThroughTheIdtAtIopl3() {
        task.interrupt(VECTOR);
        assertThat(run(0).event()).isEqualTo("#GP(0x0)");
        g.change(s -> g.put32(frame(s) + 8, Rflags.VM | Rflags.IOPL));
        Stop stop = g.resume();
        assertThat(stop.event()).isEqualTo("interrupt 0x50");
        assertThat(stop.rip()).isEqualTo(2);
    }

    /** The CPU's frame, behind vector and error code. */
    private static long frame(VcpuState s) {
        return s.gpr[4] + 8;
    }

    @Test
    void breakpointsDoNotDependOnIopl() {
        task.int3();
        assertThat(run(0).event()).isEqualTo("#BP");
    }

    @Test
    void aHandlerOfAnotherLevelThan0IsRefused() {
        g.gate(VECTOR, Guest.USER_CODE, 0, Descriptors.INTERRUPT_GATE | Descriptors.DPL3, 0);
        task.interrupt(VECTOR);
        assertThat(run(Rflags.IOPL).event()).isEqualTo("#GP(0x18)");
    }

    @Test
    void portsAreAMatterOfTheMapWhateverTheIopl() {
        g.put8(Guest.TSS + MAPS + REDIRECTIONS + GuestCpu.COUNTER / 8, 0);
        g.put8(Guest.TSS + MAPS + REDIRECTIONS + Handlers.CAUGHT / 8, 1 << (Handlers.CAUGHT & 7));
        task.in(AL, GuestCpu.COUNTER).out(Handlers.CAUGHT, AL);
        assertThat(run(Rflags.IOPL).event()).isEqualTo("#GP(0x0)");
        assertThat(g.gpr(0) & 0xff).isEqualTo(1);
    }

    @Test
    void iretWithinTheTaskKeepsItVirtual() {
        Label target = new Label("target");
        task.pushf().push(Sreg.CS).push(0x20).iret(16).align(32).bind(target).ud2();
        Stop stop = run(Rflags.IOPL);
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.rip()).isEqualTo(0x20);
        assertThat(stop.flag(Rflags.VM)).isTrue();
        assertThat(stop.rsp()).isEqualTo(STACK_TOP);
    }

    @Test
    void sysenterLeavesTheTask() {
        g.start.msrs.put(Msr.IA32_SYSENTER_CS, (long) Guest.CODE);
        g.start.msrs.put(Msr.IA32_SYSENTER_EIP, (long) Guest.KERNEL + ENTRY_OFFSET);
        g.start.msrs.put(Msr.IA32_SYSENTER_ESP, (long) Guest.INNER_STACK);
        task.sysenter();
        assertThat(run(0).event()).isEqualTo("done");
        assertThat(g.state().rflags & Rflags.VM).isZero();
        assertThat(g.state().segments[2].selector()).isEqualTo(Guest.DATA);
        assertThat(g.gpr(4)).isEqualTo(Guest.INNER_STACK);
    }

    // --- virtual-mode extensions -------------------------------------------------------------------------------------------------

    @Test
    void aRedirectedInterruptStaysWithinTheTask() {
        g.start.cr4 |= Cr.CR4_VME;
        g.put32(4 * VECTOR, SEGMENT << 16 | 0x40);
        task.interrupt(VECTOR).align(64).mov(AX, 0x66).ud2();
        Stop stop = run(Rflags.VIF);
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.cs()).isEqualTo(SEGMENT);
        assertThat(stop.rip()).isEqualTo(0x43);
        assertThat(stop.flag(Rflags.VIF)).isFalse();
        assertThat(stack(-6)).isEqualTo(2);
        assertThat(stack(-2) & (Rflags.IF | Rflags.IOPL)).as("the flags it believes in").isEqualTo(Rflags.IF | Rflags.IOPL);
    }

    @Test
    void anInterruptWhoseBitIsSetTrapsToTheMonitor() {
        g.start.cr4 |= Cr.CR4_VME;
        g.put8(Guest.TSS + MAPS + VECTOR / 8, 1 << (VECTOR & 7));
        task.interrupt(VECTOR);
        assertThat(run(0).event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void cliAndStiMoveTheVirtualInterruptFlag() {
        g.start.cr4 |= Cr.CR4_VME;
        task.sti().ud2();
        Stop stop = run(0);
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.flag(Rflags.VIF)).isTrue();
        assertThat(stop.flag(Rflags.IF)).isFalse();
    }

    @Test
    void enablingVirtualInterruptsWhileOneIsPendingTraps() {
        g.start.cr4 |= Cr.CR4_VME;
        task.sti();
        assertThat(run(Rflags.VIP).event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void protectedModeHasVirtualInterruptsAtLevel3() {
        g.start.cr4 |= Cr.CR4_PVI;
        g.start.rflags |= Rflags.VIF;
        g.user().cli().ud2();
        Stop stop = g.runUser();
        assertThat(stop.event()).isEqualTo("#UD");
        assertThat(stop.flag(Rflags.VIF)).isFalse();
    }
}
