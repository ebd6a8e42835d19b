package org.lodgevm.fuzz.machine;

import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;

import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;

/**
 * A multiboot kernel in 32-bit protected mode: {@link Accesses} in an endless loop, on all CPUs. Interrupt handlers acknowledge; exceptions
 * start the loop anew.
 */
final class HostileKernel {
    private static final int BASE = 0x10_0000;
    private static final int EXCEPTION = BASE + 0x40;
    private static final int INTERRUPT = BASE + 0x60;
    private static final int TRAMPOLINE_COPY = BASE + 0xa0;
    private static final int GDT = BASE + 0x100;
    private static final int GDTR = BASE + 0x120;
    private static final int IDTR = BASE + 0x128;
    private static final int NEXT_STACK = BASE + 0x130;
    private static final int IDT = BASE + 0x200;
    private static final int START = IDT + 256 * 8;

    private static final int MAGIC = 0x1bad_b002;
    private static final int HAS_ADDRESSES = 1 << 16;
    /** Where other CPUs start, in real mode. */
    private static final int TRAMPOLINE = 0x8000;
    private static final int STACKS = 0x9000;
    private static final int STACK_OF_EACH = 0x1000;

    private static final int CODE = 0x08;
    private static final int DATA = 0x10;
    private static final long FLAT_CODE = 0x00cf_9b00_0000_ffffL;
    private static final long FLAT_DATA = 0x00cf_9300_0000_ffffL;
    private static final long INTERRUPT_GATE = 0x8eL << 40;
    private static final int EXCEPTIONS = 32;

    private static final int END_OF_INTERRUPT = 0xb0;
    private static final int COMMAND_LOW = 0x300;
    private static final int INIT_TO_OTHERS = 0xc_4500;
    private static final int STARTUP_TO_OTHERS = 0xc_4600 | TRAMPOLINE >> 12;
    private static final int PIC_END_OF_INTERRUPT = 0x20;

    private final Assembler a = new Assembler(BASE).bits32();
    private final Label begin = new Label("begin");
    private final Label others = new Label("others");
    private final Dice dice;

    private HostileKernel(Dice dice) {
        this.dice = dice;
    }

    static byte[] make(Dice dice) {
        return new HostileKernel(dice).assemble();
    }

    private byte[] assemble() {
        // the code first, for the labels that tables name
        a.dd(MAGIC, HAS_ADDRESSES, -MAGIC - HAS_ADDRESSES, BASE, BASE, 0, 0, START);
        handlers();
        byte[] trampoline = new byte[GDT - TRAMPOLINE_COPY];
        a.org(TRAMPOLINE_COPY).bytes(trampoline);
        tables();
        a.org(START);
        start();
        byte[] image = a.toBytes();
        byte[] code = trampoline();
        System.arraycopy(code, 0, image, TRAMPOLINE_COPY - BASE, code.length);
        return image;
    }

    private void handlers() {
        a.org(EXCEPTION).or(Gpr.ESP, STACK_OF_EACH - 0x10).jmp(begin);
        a.org(INTERRUPT).push(Gpr.EAX).mov(mem32(null, PcLayout.LOCAL_APIC + END_OF_INTERRUPT), 0);
        a.mov(Gpr.AL, PIC_END_OF_INTERRUPT).out(PcLayout.PIC_1, Gpr.AL).out(PcLayout.PIC_2, Gpr.AL).pop(Gpr.EAX).iret(32);
    }

    private void tables() {
        a.org(GDT).dq(0, FLAT_CODE, FLAT_DATA);
        a.org(GDTR).dw(0x17).dd(GDT).org(IDTR).dw(0x7ff).dd(IDT).org(NEXT_STACK).dd(STACKS + STACK_OF_EACH).org(IDT);
        for (int vector = 0; vector < 256; vector++) {
            long handler = vector < EXCEPTIONS ? EXCEPTION : INTERRUPT;
            a.dq(handler & 0xffff | CODE << 16 | INTERRUPT_GATE | handler >> 16 << 48);
        }
    }

    private void start() {
        Label flat = new Label("flat");
        a.lgdt(mem(GDTR)).jmpFar(32, CODE, flat).bind(flat);
        a.cld().mov(Gpr.ESI, TRAMPOLINE_COPY).mov(Gpr.EDI, TRAMPOLINE).mov(Gpr.ECX, GDT - TRAMPOLINE_COPY);
        a.mov(Gpr.EAX, DATA).mov(Sreg.DS, Gpr.AX).mov(Sreg.ES, Gpr.AX).mov(Sreg.SS, Gpr.AX).rep().movsb();
        a.mov(mem32(null, PcLayout.LOCAL_APIC + COMMAND_LOW), INIT_TO_OTHERS);
        a.mov(mem32(null, PcLayout.LOCAL_APIC + COMMAND_LOW), STARTUP_TO_OTHERS);
        a.bind(others).lidt(mem(IDTR));
        a.mov(Gpr.EAX, DATA).mov(Sreg.DS, Gpr.AX).mov(Sreg.ES, Gpr.AX).mov(Sreg.SS, Gpr.AX);
        a.mov(Gpr.ESP, STACK_OF_EACH).lock().xadd(mem32(null, NEXT_STACK), Gpr.ESP).rdtsc().mov(Gpr.EBX, Gpr.EAX);
        a.bind(begin);
        new Accesses(a, dice).write();
        a.jmp(begin);
    }

    /** From real mode to {@link #others}. */
    private byte[] trampoline() {
        Assembler real = new Assembler(TRAMPOLINE).bits16();
        Label table = new Label("table");
        real.xor(Gpr.AX, Gpr.AX).mov(Sreg.DS, Gpr.AX).lgdt(mem(table)).mov(Gpr.EAX, Creg.CR0).or(Gpr.AL, 1).mov(Creg.CR0, Gpr.EAX);
        return real.jmpFar(32, CODE, others.address()).bind(table).dw(0x17).dd(GDT).toBytes();
    }
}
