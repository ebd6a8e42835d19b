package org.lodgevm.fuzz.machine;

import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;

import java.util.List;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;

/**
 * Accesses to devices, one after the other: where and how wide is chosen when they are written, what is written comes from a generator in
 * EBX and differs each time. Registers EAX, ECX, EDX, ESI and EDI are used.
 */
final class Accesses {
    private static final int COUNT = 200;
    private static final long[] WINDOWS = {
        PcLayout.LOCAL_APIC, PcLayout.LOCAL_APIC, PcLayout.IO_APIC, PcLayout.HPET, PcLayout.HPET, PcLayout.ECAM,
        PcLayout.ECAM + ((long) PcLayout.SLOT_LPC_BRIDGE << 15), PcLayout.TEST_DEVICE_MEMORY, PcLayout.LOCAL_APIC + 0x1000, 0xa_0000,
        0xf_f000, PcLayout.PCI_WINDOW_32, PcLayout.PCI_WINDOW_32 + 0x2000, PcLayout.PCI_WINDOW_32 + 0x3000,
        PcLayout.PCI_WINDOW_32 + 0x4000, PcLayout.PCI_WINDOW_32 + 0x8000, PcLayout.VIRTIO_MMIO, PcLayout.VIRTIO_MMIO + 0x1000,
        PcLayout.ECAM + ((long) PcLayout.FIRST_FREE_SLOT << 15),
    };
    /** Where devices begin; registers that end the machine are reached by random ports only. */
    private static final int[] PORTS = {
        PcLayout.DMA_1, PcLayout.PIC_1, PcLayout.PIT, PcLayout.RTC, PcLayout.DMA_PAGE, PcLayout.PIC_2, PcLayout.SMI_COMMAND,
        PcLayout.DMA_2, PcLayout.TEST_DEVICE_ECHO, PcLayout.FIRMWARE_LOG, PcLayout.ELCR, PcLayout.FW_CFG, PcLayout.FW_CFG_DMA,
        PcLayout.PM_TIMER, PcLayout.GPE0, PcLayout.PCI_CONFIG_DATA, PcLayout.TEST_DEVICE_IRQ, PcLayout.uart(0), PcLayout.uart(1),
        PcLayout.uart(2), PcLayout.uart(3), PcLayout.KEYBOARD_DATA,
    };
    private static final int IA32_APIC_BASE = 0x1b;
    private static final int IA32_TSC_DEADLINE = 0x6e0;
    private static final int X2APIC = 0x800;
    private static final List<Gpr> WIDTHS = List.of(Gpr.AL, Gpr.AX, Gpr.EAX);
    private static final int BUFFER = 0x20_0000;
    private static final int PCI_ENABLE = 1 << 31;
    private static final int MULTIPLIER = 0x19_660d;
    private static final int INCREMENT = 0x3c6e_f35f;

    private final Assembler a;
    private final Dice dice;
    /** Whether any port may be written, and CPUs halt: such machines do not live long. */
    private final boolean reckless;

    Accesses(Assembler a, Dice dice) {
        this.a = a;
        this.dice = dice;
        reckless = dice.oneIn(4);
    }

    void write() {
        for (int i = 0; i < COUNT; i++) {
            a.imul(Gpr.EBX, Gpr.EBX, MULTIPLIER).add(Gpr.EBX, INCREMENT);
            a.mov(Gpr.EAX, Gpr.EBX);
            if (dice.oneIn(2)) {
                a.shr(Gpr.EAX, dice.below(32));
            }
            one();
        }
    }

    private void one() {
        switch (dice.below(16)) {
            case 0, 1, 2 -> port();
            case 3, 4, 5, 6 -> register();
            case 7 -> wide();
            case 8 -> locked();
            case 9 -> strings();
            case 10, 11 -> configuration();
            case 12 -> transfer();
            case 13 -> msr();
            case 14 -> a.sti().nop().nop().cli();
            default -> {
                if (reckless && dice.oneIn(16)) {
                    a.sti().hlt().cli();
                } else {
                    a.sti().pushf(32).popf(32);
                }
            }
        }
    }

    private void choosePort() {
        if (reckless && dice.oneIn(4)) {
            a.mov(Gpr.EDX, Gpr.EBX).shr(Gpr.EDX, dice.between(12, 20));
        } else {
            a.mov(Gpr.EDX, dice.of(PORTS) + dice.below(8));
        }
    }

    private void port() {
        choosePort();
        if (dice.oneIn(2)) {
            a.out(dice.of(WIDTHS));
        } else {
            a.in(dice.of(WIDTHS));
        }
    }

    /** ECX: an offset within a page, in most cases aligned to four bytes. */
    private void chooseOffset() {
        a.mov(Gpr.ECX, Gpr.EBX).shr(Gpr.ECX, dice.between(8, 20)).and(Gpr.ECX, dice.oneIn(4) ? 0xfff : dice.of(0xffc, 0x3f0, 0x1fc, 0x3c));
    }

    private void register() {
        chooseOffset();
        long window = dice.of(WINDOWS);
        Gpr width = dice.oneIn(2) ? Gpr.EAX : dice.of(WIDTHS);
        if (dice.oneIn(2)) {
            a.mov(mem(Gpr.ECX, (int) window), width);
        } else {
            a.mov(width, mem(Gpr.ECX, (int) window));
        }
    }

    /** Eight bytes at once: MOVQ by way of MM0. */
    private void wide() {
        chooseOffset();
        a.db(0x0f, dice.of(0x6f, 0x7f), 0x81).dd((int) dice.of(WINDOWS)).db(0x0f, 0x6e, 0xc0);
    }

    private void locked() {
        chooseOffset();
        int window = (int) dice.of(WINDOWS);
        switch (dice.below(3)) {
            case 0 -> a.lock().xadd(mem(Gpr.ECX, window), dice.of(WIDTHS));
            case 1 -> a.lock().inc(mem32(Gpr.ECX, window));
            default -> a.xchg(mem(Gpr.ECX, window), dice.of(WIDTHS));
        }
    }

    private void strings() {
        choosePort();
        a.mov(Gpr.ECX, dice.below(64)).mov(Gpr.ESI, BUFFER).mov(Gpr.EDI, dice.oneIn(4) ? (int) dice.of(WINDOWS) : BUFFER);
        switch (dice.below(6)) {
            case 0 -> a.rep().insb();
            case 1 -> a.rep().insw();
            case 2 -> a.rep().insd();
            case 3 -> a.rep().outsb();
            case 4 -> a.rep().outsd();
            default -> a.rep().movsd();
        }
    }

    private void configuration() {
        if (dice.oneIn(4)) {
            a.or(Gpr.EAX, PCI_ENABLE);
        } else {
            a.mov(Gpr.EAX, PCI_ENABLE | dice.of(PcLayout.SLOT_HOST_BRIDGE, PcLayout.FIRST_FREE_SLOT, PcLayout.FIRST_FREE_SLOT + 1, PcLayout.SLOT_LPC_BRIDGE) << 11 | dice.below(256));
        }
        a.mov(Gpr.EDX, PcLayout.PCI_CONFIG_ADDRESS).out(Gpr.EAX);
        a.mov(Gpr.EAX, Gpr.EBX).mov(Gpr.EDX, PcLayout.PCI_CONFIG_DATA + dice.below(4));
        if (dice.oneIn(2)) {
            a.out(dice.of(WIDTHS));
        } else {
            a.in(dice.of(WIDTHS));
        }
    }

    /** A DMA transfer of the firmware configuration device, most of it as the guest would ask for it. All fields are big-endian. */
    private void transfer() {
        int control = dice.below(64) << 16 | dice.below(32);
        a.mov(mem32(null, BUFFER), Integer.reverseBytes(control));
        a.mov(mem32(null, BUFFER + 4), Integer.reverseBytes(dice.oneIn(4) ? (int) dice.number() : dice.below(0x2000)));
        a.mov(mem32(null, BUFFER + 8), dice.oneIn(8) ? (int) dice.number() : 0);
        a.mov(mem32(null, BUFFER + 12), Integer.reverseBytes(dice.oneIn(4) ? (int) dice.number() : BUFFER + dice.below(0x1000)));
        a.mov(Gpr.EDX, PcLayout.FW_CFG_DMA).xor(Gpr.EAX, Gpr.EAX).out(Gpr.EAX);
        a.mov(Gpr.EDX, PcLayout.FW_CFG_DMA + 4).mov(Gpr.EAX, Integer.reverseBytes(BUFFER)).out(Gpr.EAX);
    }

    private void msr() {
        boolean base = dice.oneIn(16);
        a.mov(Gpr.ECX, base ? IA32_APIC_BASE : dice.oneIn(4) ? IA32_TSC_DEADLINE : X2APIC + dice.below(0x40));
        if (base) {
            a.mov(Gpr.EAX, (int) PcLayout.LOCAL_APIC | dice.below(16) << 8);
        }
        a.xor(Gpr.EDX, Gpr.EDX);
        if (dice.oneIn(2)) {
            a.wrmsr();
        } else {
            a.rdmsr();
        }
    }
}
