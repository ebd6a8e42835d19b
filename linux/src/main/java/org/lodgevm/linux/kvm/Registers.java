package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.machine.VcpuState;

/** General, segment, control and debug registers between a vCPU of the kernel's and the record that accelerators exchange. */
final class Registers {
    /** In the order of {@link VcpuState#gpr}. */
    private static final long[] GPR = offsets("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
            "r13", "r14", "r15");

    private static final long RIP = Structs.offset(Structs.REGS, "rip");
    private static final long RFLAGS = Structs.offset(Structs.REGS, "rflags");

    /** In the order of {@link VcpuState#segments}. */
    private static final long[] SEGMENTS = {sreg("es"), sreg("cs"), sreg("ss"), sreg("ds"), sreg("fs"), sreg("gs")};

    private static final long LDT = sreg("ldt");
    private static final long TR = sreg("tr");
    private static final long GDT = sreg("gdt");
    private static final long IDT = sreg("idt");
    private static final long CR0 = sreg("cr0");
    private static final long CR2 = sreg("cr2");
    private static final long CR3 = sreg("cr3");
    private static final long CR4 = sreg("cr4");
    private static final long CR8 = sreg("cr8");
    private static final long EFER = sreg("efer");
    private static final long APIC_BASE = sreg("apic_base");

    private static final long BASE = segment("base");
    private static final long LIMIT = segment("limit");
    private static final long SELECTOR = segment("selector");
    private static final long TYPE = segment("type");
    private static final long PRESENT = segment("present");
    private static final long DPL = segment("dpl");
    private static final long DB = segment("db");
    private static final long S = segment("s");
    private static final long L = segment("l");
    private static final long G = segment("g");
    private static final long AVL = segment("avl");
    private static final long UNUSABLE = segment("unusable");

    private static final long TABLE_LIMIT = Structs.offset(Structs.DTABLE, "limit");
    private static final long DR6 = Structs.offset(Structs.DEBUGREGS, "dr6");
    private static final long DR7 = Structs.offset(Structs.DEBUGREGS, "dr7");
    private static final int ADDRESS_REGISTERS = 4;

    private final KvmHandle vcpu;

    Registers(KvmHandle vcpu) {
        this.vcpu = vcpu;
    }

    private static long[] offsets(String... names) {
        long[] offsets = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            offsets[i] = Structs.offset(Structs.REGS, names[i]);
        }
        return offsets;
    }

    private static long sreg(String name) {
        return Structs.offset(Structs.SREGS, name);
    }

    private static long segment(String name) {
        return Structs.offset(Structs.SEGMENT, name);
    }

    void save(VcpuState state) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment regs = arena.allocate(Structs.REGS);
            vcpu.call(Ioctl.KVM_GET_REGS, regs);
            for (int i = 0; i < GPR.length; i++) {
                state.gpr[i] = regs.get(JAVA_LONG, GPR[i]);
            }
            state.rip = regs.get(JAVA_LONG, RIP);
            state.rflags = regs.get(JAVA_LONG, RFLAGS);
            MemorySegment sregs = arena.allocate(Structs.SREGS);
            vcpu.call(Ioctl.KVM_GET_SREGS, sregs);
            saveSystem(sregs, state);
            MemorySegment debug = arena.allocate(Structs.DEBUGREGS);
            vcpu.call(Ioctl.KVM_GET_DEBUGREGS, debug);
            for (int i = 0; i < ADDRESS_REGISTERS; i++) {
                state.dr[i] = debug.getAtIndex(JAVA_LONG, i);
            }
            state.dr[4] = debug.get(JAVA_LONG, DR6);
            state.dr[5] = debug.get(JAVA_LONG, DR7);
        }
    }

    private static void saveSystem(MemorySegment sregs, VcpuState state) {
        for (int i = 0; i < SEGMENTS.length; i++) {
            state.segments[i] = saved(sregs, SEGMENTS[i]);
        }
        state.ldtr = saved(sregs, LDT);
        state.tr = saved(sregs, TR);
        state.gdtr = new VcpuState.Table(sregs.get(JAVA_LONG, GDT), sregs.get(JAVA_SHORT, GDT + TABLE_LIMIT) & 0xffff);
        state.idtr = new VcpuState.Table(sregs.get(JAVA_LONG, IDT), sregs.get(JAVA_SHORT, IDT + TABLE_LIMIT) & 0xffff);
        state.cr0 = sregs.get(JAVA_LONG, CR0);
        state.cr2 = sregs.get(JAVA_LONG, CR2);
        state.cr3 = sregs.get(JAVA_LONG, CR3);
        state.cr4 = sregs.get(JAVA_LONG, CR4);
        state.cr8 = (int) sregs.get(JAVA_LONG, CR8);
        state.msrs.put(Msr.IA32_EFER, sregs.get(JAVA_LONG, EFER));
    }

    private static VcpuState.Segment saved(MemorySegment sregs, long at) {
        boolean present = sregs.get(JAVA_BYTE, at + PRESENT) != 0 && sregs.get(JAVA_BYTE, at + UNUSABLE) == 0;
        int attributes = sregs.get(JAVA_BYTE, at + TYPE)
                | sregs.get(JAVA_BYTE, at + S) << 4
                | sregs.get(JAVA_BYTE, at + DPL) << 5
                | (present ? VcpuState.Segment.PRESENT : 0)
                | sregs.get(JAVA_BYTE, at + AVL) << 12
                | sregs.get(JAVA_BYTE, at + L) << 13
                | sregs.get(JAVA_BYTE, at + DB) << 14
                | sregs.get(JAVA_BYTE, at + G) << 15;
        return new VcpuState.Segment(sregs.get(JAVA_SHORT, at + SELECTOR) & 0xffff, sregs.get(JAVA_LONG, at + BASE),
                sregs.get(JAVA_INT, at + LIMIT), attributes);
    }

    /** Debug and system registers, without which others mean nothing. */
    void restoreSystem(VcpuState state) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sregs = arena.allocate(Structs.SREGS);
            vcpu.call(Ioctl.KVM_GET_SREGS, sregs);
            fillSystem(sregs, state);
            vcpu.call(Ioctl.KVM_SET_SREGS, sregs);
            MemorySegment debug = arena.allocate(Structs.DEBUGREGS);
            for (int i = 0; i < ADDRESS_REGISTERS; i++) {
                debug.setAtIndex(JAVA_LONG, i, state.dr[i]);
            }
            debug.set(JAVA_LONG, DR6, state.dr[4]);
            debug.set(JAVA_LONG, DR7, state.dr[5]);
            vcpu.call(Ioctl.KVM_SET_DEBUGREGS, debug);
        }
    }

    /** The base of the local APIC stays as the kernel has it: the APIC is the machine's. */
    private static void fillSystem(MemorySegment sregs, VcpuState state) {
        long apicBase = sregs.get(JAVA_LONG, APIC_BASE);
        sregs.fill((byte) 0);
        for (int i = 0; i < SEGMENTS.length; i++) {
            fill(sregs, SEGMENTS[i], state.segments[i]);
        }
        fill(sregs, LDT, state.ldtr);
        fill(sregs, TR, state.tr);
        sregs.set(JAVA_LONG, GDT, state.gdtr.base());
        sregs.set(JAVA_SHORT, GDT + TABLE_LIMIT, (short) state.gdtr.limit());
        sregs.set(JAVA_LONG, IDT, state.idtr.base());
        sregs.set(JAVA_SHORT, IDT + TABLE_LIMIT, (short) state.idtr.limit());
        sregs.set(JAVA_LONG, CR0, state.cr0);
        sregs.set(JAVA_LONG, CR2, state.cr2);
        sregs.set(JAVA_LONG, CR3, state.cr3);
        sregs.set(JAVA_LONG, CR4, state.cr4);
        sregs.set(JAVA_LONG, CR8, state.cr8);
        sregs.set(JAVA_LONG, EFER, state.msrs.getOrDefault(Msr.IA32_EFER, 0L));
        sregs.set(JAVA_LONG, APIC_BASE, apicBase);
    }

    private static void fill(MemorySegment sregs, long at, VcpuState.Segment segment) {
        int attributes = segment.attributes();
        sregs.set(JAVA_LONG, at + BASE, segment.base());
        sregs.set(JAVA_INT, at + LIMIT, segment.limit());
        sregs.set(JAVA_SHORT, at + SELECTOR, (short) segment.selector());
        sregs.set(JAVA_BYTE, at + TYPE, (byte) (attributes & 0xf));
        sregs.set(JAVA_BYTE, at + S, bit(attributes, 4));
        sregs.set(JAVA_BYTE, at + DPL, (byte) (attributes >> 5 & 3));
        sregs.set(JAVA_BYTE, at + PRESENT, bit(attributes, 7));
        sregs.set(JAVA_BYTE, at + AVL, bit(attributes, 12));
        sregs.set(JAVA_BYTE, at + L, bit(attributes, 13));
        sregs.set(JAVA_BYTE, at + DB, bit(attributes, 14));
        sregs.set(JAVA_BYTE, at + G, bit(attributes, 15));
        sregs.set(JAVA_BYTE, at + UNUSABLE, (byte) (1 - bit(attributes, 7)));
    }

    private static byte bit(int attributes, int bit) {
        return (byte) (attributes >> bit & 1);
    }

    void restoreGeneral(VcpuState state) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment regs = arena.allocate(Structs.REGS);
            for (int i = 0; i < GPR.length; i++) {
                regs.set(JAVA_LONG, GPR[i], state.gpr[i]);
            }
            regs.set(JAVA_LONG, RIP, state.rip);
            regs.set(JAVA_LONG, RFLAGS, state.rflags);
            vcpu.call(Ioctl.KVM_SET_REGS, regs);
        }
    }
}
