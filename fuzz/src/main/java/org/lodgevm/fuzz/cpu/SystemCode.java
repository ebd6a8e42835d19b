package org.lodgevm.fuzz.cpu;

import static org.lodgevm.x86.asm.Mem.mem;

import java.util.List;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Dreg;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.Msr;

/** A few instructions that do to the processor's state what a kernel does, with values that make sense more often than chance would. */
final class SystemCode {
    private static final int[] MSRS = {
        Msr.IA32_TIME_STAMP_COUNTER, Msr.IA32_APIC_BASE, Msr.IA32_TSC_ADJUST, Msr.IA32_SYSENTER_CS, Msr.IA32_SYSENTER_ESP,
        Msr.IA32_SYSENTER_EIP, Msr.IA32_MISC_ENABLE, Msr.IA32_DEBUGCTL, Msr.IA32_MTRR_PHYSBASE0, Msr.IA32_PAT, Msr.IA32_MTRR_DEF_TYPE,
        Msr.IA32_TSC_DEADLINE, Msr.IA32_XSS, Msr.IA32_EFER, Msr.IA32_STAR, Msr.IA32_LSTAR, Msr.IA32_CSTAR, Msr.IA32_FMASK,
        Msr.IA32_FS_BASE, Msr.IA32_GS_BASE, Msr.IA32_KERNEL_GS_BASE, Msr.IA32_TSC_AUX, Msr.KVM_WALL_CLOCK_NEW, Msr.KVM_SYSTEM_TIME_NEW,
    };
    private static final List<Creg> CONTROL = List.of(Creg.CR0, Creg.CR2, Creg.CR3, Creg.CR4);
    private static final List<Dreg> DEBUG = List.of(Dreg.values());
    private static final List<Sreg> SEGMENT = List.of(Sreg.ES, Sreg.SS, Sreg.DS, Sreg.FS, Sreg.GS);
    /** INS, OUTS, MOVS, CMPS, STOS, LODS and SCAS, in bytes and in words. */
    private static final int[] STRINGS = {0x6c, 0x6d, 0x6e, 0x6f, 0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf};
    private static final int REPNE = 0xf2;
    private static final int REPE = 0xf3;
    private static final int LONGEST_STRING = 0x3000;

    private SystemCode() {}

    static byte[] snippet(CodeSize size, Dice dice) {
        Assembler a = Handlers.assembler(size);
        int bits = 8 * size.addressSize();
        Gpr wide = size.is64() ? Gpr.RAX : Gpr.EAX;
        switch (dice.below(12)) {
            case 0 -> msr(a, dice);
            case 1 -> control(a, size.is64() && dice.oneIn(8) ? Creg.CR8 : dice.of(CONTROL), wide, dice);
            case 2 -> a.mov(Gpr.EAX, (int) Image.place(dice)).mov(dice.of(DEBUG), wide);
            case 3, 4 -> a.mov(Gpr.EAX, Tables.selector(dice)).mov(dice.of(SEGMENT), Gpr.AX);
            case 5 -> a.push(dice.below(0x8000)).popf(bits);
            case 6 -> a.push(Tables.selector(dice)).push(dice.between(Image.HANDLERS, Image.CODE_END)).retf(bits);
            case 7 -> {
                a.push(dice.below(0x1000)).push(Tables.selector(dice)).push(dice.between(Image.HANDLERS, Image.CODE_END));
                a.iret(bits);
            }
            case 8 -> table(a, dice);
            case 9 -> a.interrupt(dice.below(256));
            case 10 -> a.mov(mem(dice.between(Image.CODE, Image.CODE + 0x400)).bits(dice.of(8, 16, 32)), dice.below(128));
            default -> strings(a, dice);
        }
        return a.toBytes();
    }

    private static void msr(Assembler a, Dice dice) {
        int number = switch (dice.below(4)) {
            case 0 -> 0x800 + dice.below(0x100);
            case 1 -> (int) dice.number();
            default -> dice.of(MSRS);
        };
        long value = dice.oneIn(2) ? Image.place(dice) : dice.number();
        a.mov(Gpr.ECX, number).mov(Gpr.EAX, (int) value).mov(Gpr.EDX, (int) (value >> 32));
        if (dice.oneIn(4)) {
            a.rdmsr();
        } else {
            a.wrmsr();
        }
    }

    /** Inverts bits, or for CR3 now and then another table. */
    private static void control(Assembler a, Creg register, Gpr wide, Dice dice) {
        if (register == Creg.CR3 && dice.oneIn(2)) {
            a.mov(Gpr.EAX, Image.PAGING + 0x1000 * dice.below(16)).mov(register, wide);
        } else if (dice.oneIn(2)) {
            a.mov(wide, register).mov(register, wide);
        } else {
            a.mov(wide, register).xor(Gpr.EAX, 1 << dice.below(32)).mov(register, wide);
        }
    }

    private static void table(Assembler a, Dice dice) {
        int at = dice.between(Image.STACK_END, Image.DATA_END - 16);
        a.mov(mem(at).bits(16), dice.of(0xff, 0xfff, 0x7fff)).mov(mem(at + 2).bits(32), dice.of(Image.GDT, Image.IDT, Image.LDT, 0));
        switch (dice.below(4)) {
            case 0 -> a.lgdt(mem(at));
            case 1 -> a.lidt(mem(at));
            case 2 -> a.mov(Gpr.EAX, Tables.selector(dice)).lldt(Gpr.AX);
            default -> a.mov(Gpr.EAX, Tables.selector(dice)).ltr(Gpr.AX);
        }
    }

    private static void strings(Assembler a, Dice dice) {
        a.mov(Gpr.ECX, dice.below(LONGEST_STRING)).mov(Gpr.ESI, (int) Image.place(dice)).mov(Gpr.EDI, (int) Image.place(dice));
        a.mov(Gpr.EDX, dice.below(0x1_0000)).db(dice.of(REPNE, REPE), dice.of(STRINGS));
    }
}
