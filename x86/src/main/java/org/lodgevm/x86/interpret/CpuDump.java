package org.lodgevm.x86.interpret;

/** Registers as text, for people who have to find out why a guest died. */
final class CpuDump {
    private static final String[] NAMES = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11",
        "r12", "r13", "r14", "r15"};

    private CpuDump() {}

    /** One line: where, in which mode, with which stack and page table. */
    static String registers(Cpu c) {
        String mode = c.code64 ? "64-bit" : c.longMode ? "compatibility" : c.v86 ? "virtual-8086"
                : c.protectedMode() ? "protected" : "real";
        return "cpu %d in %s mode at cs:rip %04x:%x, cpl %d, rsp %x, cr0 %x, cr2 %x, cr3 %x, cr4 %x".formatted(c.index, mode,
                c.segments[Segment.CS].selector, c.rip, c.cpl, c.gpr(4), c.cr0, c.cr2, c.cr3, c.cr4);
    }

    static String all(Cpu c) {
        StringBuilder text = new StringBuilder(registers(c)).append('\n');
        for (int i = 0; i < 16; i++) {
            text.append("%-3s %016x%s".formatted(NAMES[i], c.gpr(i), i % 4 == 3 ? "\n" : "  "));
        }
        text.append("rflags %x efer %x gdt %x+%x idt %x+%x tr %x ldtr %x%n".formatted(c.rflags(), c.efer, c.gdtBase, c.gdtLimit,
                c.idtBase, c.idtLimit, c.tr.selector, c.ldtr.selector));
        String[] segments = {"es", "cs", "ss", "ds", "fs", "gs"};
        for (int i = 0; i < 6; i++) {
            Segment s = c.segments[i];
            text.append("%s %04x base %x limit %x attributes %x%n".formatted(segments[i], s.selector, s.base, s.limit,
                    s.attributes));
        }
        return text.toString();
    }
}
