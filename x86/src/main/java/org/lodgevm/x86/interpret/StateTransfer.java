package org.lodgevm.x86.interpret;

import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Vector;

/** Between a CPU and the plain record of its state that accelerators exchange. */
final class StateTransfer {
    private static final int STARTUP_VECTORS = 0xff;

    private StateTransfer() {}

    static VcpuState save(Cpu c) {
        VcpuState s = new VcpuState();
        for (int i = 0; i < 16; i++) {
            s.gpr[i] = c.gpr(i);
        }
        s.rip = c.rip;
        s.rflags = c.rflags();
        for (int i = 0; i < 6; i++) {
            s.segments[i] = c.segments[i].save();
        }
        s.ldtr = c.ldtr.save();
        s.tr = c.tr.save();
        s.gdtr = new VcpuState.Table(c.gdtBase, c.gdtLimit);
        s.idtr = new VcpuState.Table(c.idtBase, c.idtLimit);
        s.cr0 = c.cr0;
        s.cr2 = c.cr2;
        s.cr3 = c.cr3;
        s.cr4 = c.cr4;
        s.cr8 = c.interrupts.taskPriority();
        s.xcr0 = c.xcr0;
        for (int i = 0; i < 4; i++) {
            s.dr[i] = c.breakpoints.read(i);
        }
        s.dr[4] = c.breakpoints.read(6);
        s.dr[5] = c.breakpoints.read(7);
        s.msrs.putAll(c.msrs.saved());
        s.msrs.put(Msr.IA32_EFER, c.efer);
        s.xsave = ExtendedState.save(c);
        int attention = c.attention();
        s.halted = (attention & Attention.HALTED) != 0 && !c.waitingForStartup;
        s.waitingForStartup = c.waitingForStartup;
        s.nmiPending = (attention & Attention.NMIS) != 0 || c.nmiPending;
        s.nmiBlocked = c.nmiBlocked;
        s.initPending = (attention & Attention.INIT) != 0;
        s.startupPending = (attention & Attention.STARTUP) != 0 ? c.startupVector() : VcpuState.NO_STARTUP;
        s.tsc = c.tsc.read();
        s.interruptShadow = (attention & Attention.STACK_LOADED) != 0 || c.inShadow();
        return s;
    }

    static void restore(Cpu c, VcpuState s) {
        Reset.powerUp(c);
        for (int i = 0; i < 16; i++) {
            c.gpr(i, s.gpr[i]);
        }
        c.rip = s.rip;
        c.cr0 = s.cr0 | Cr.CR0_ET;
        c.cr2 = s.cr2;
        c.cr3 = s.cr3;
        c.cr4 = s.cr4;
        c.efer = s.msrs.getOrDefault(Msr.IA32_EFER, 0L);
        c.xcr0 = s.xcr0;
        for (int i = 0; i < 6; i++) {
            c.segments[i].restore(s.segments[i]);
            c.segmentBase(i, c.segments[i].base);
        }
        c.ldtr.restore(s.ldtr);
        c.tr.restore(s.tr);
        c.gdtBase = s.gdtr.base();
        c.gdtLimit = s.gdtr.limit();
        c.idtBase = s.idtr.base();
        c.idtLimit = s.idtr.limit();
        c.cpl = (c.cr0 & Cr.CR0_PE) == 0 ? 0 : c.segments[Segment.SS].dpl();
        c.updatePaging();
        c.mmu.walker.loadPdptes(c.cr3);
        c.rflags((int) s.rflags);
        c.msrs.restore(s.msrs);
        if (s.tsc != null) {
            c.tsc.write(s.tsc);
            c.msrs.clock().update();
        }
        for (int i = 0; i < 4; i++) {
            c.breakpoints.write(i, s.dr[i]);
        }
        c.breakpoints.write(6, s.dr[4]);
        c.breakpoints.write(7, s.dr[5]);
        ExtendedState.load(c, s.xsave);
        SystemRegisters.unitsChanged(c);
        c.updateMode();
        c.flushTlb(true);
        c.waitingForStartup = s.waitingForStartup;
        c.nmiBlocked = s.nmiBlocked;
        c.answer(Attention.HALTED);
        c.ask((s.halted || s.waitingForStartup ? Attention.HALTED : 0) | (s.nmiPending ? Attention.NMI : 0)
                | Attention.INTERRUPT);
        if (s.interruptShadow) {
            c.shadow(c.rip);
        }
        if (s.initPending) {
            c.ask(Attention.INIT);
        }
        if (s.startupPending != VcpuState.NO_STARTUP) {
            c.askStartup(s.startupPending & STARTUP_VECTORS);
        }
        if (s.event != null) {
            deliver(c, s.event);
        }
    }

    /** Here events are taken whole, so that what another accelerator had begun is done now. Its stack must be in memory by then. */
    private static void deliver(Cpu c, VcpuState.Event event) {
        switch (event.kind()) {
            case INTERRUPT -> Exceptions.interrupt(c, event.vector());
            case EXCEPTION -> {
                GuestFault fault = new GuestFault();
                Exceptions.raise(c, event.vector() == Vector.PF
                        ? fault.pageFault(c.cr2, event.errorCode()) : fault.with(event.vector(), event.errorCode()));
            }
        }
    }
}
