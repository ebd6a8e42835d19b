package org.lodgevm.linux.kvm;

import org.lodgevm.machine.VcpuState;

/** Registers as text, for people who have to find out why a guest died. */
final class RegisterText {
    private static final int CS = 1;
    private static final int SS = 2;
    private static final int RSP = 4;
    private static final int LONG = 1 << 13;
    private static final long PE = 1;
    private static final long VM = 1 << 17;
    private static final long LMA = 1 << 10;

    private RegisterText() {}

    /** One line: where, in which mode, with which stack and page table. */
    static String line(int index, VcpuState s) {
        VcpuState.Segment cs = s.segments[CS];
        String mode = (s.msrs.get(Msr.IA32_EFER) & LMA) != 0 ? (cs.attributes() & LONG) != 0 ? "64-bit" : "compatibility"
                : (s.rflags & VM) != 0 ? "virtual-8086" : (s.cr0 & PE) != 0 ? "protected" : "real";
        return "cpu %d in %s mode at cs:rip %04x:%x, cpl %d, rsp %x, cr0 %x, cr2 %x, cr3 %x, cr4 %x".formatted(index, mode,
                cs.selector(), s.rip, s.segments[SS].attributes() >> 5 & 3, s.gpr[RSP], s.cr0, s.cr2, s.cr3, s.cr4);
    }
}
