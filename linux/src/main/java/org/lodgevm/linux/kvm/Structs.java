package org.lodgevm.linux.kvm;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.Arrays;
import java.util.List;

/**
 * The structures that KVM's calls exchange, with the kernel's names. Source: Linux's include/uapi/linux/kvm.h and
 * arch/x86/include/uapi/asm/kvm.h; a test compares each member with them.
 *
 * <p>Structures that end in an array of any length are here without it.
 */
final class Structs {
    static final StructLayout SEGMENT = structLayout(u64("base"), u32("limit"), u16("selector"), u8("type"), u8("present"), u8("dpl"),
            u8("db"), u8("s"), u8("l"), u8("g"), u8("avl"), u8("unusable"), u8("padding")).withName("kvm_segment");

    static final StructLayout DTABLE =
            structLayout(u64("base"), u16("limit"), paddingLayout(6)).withName("kvm_dtable");

    static final StructLayout REGS = words("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp", "r8", "r9", "r10", "r11", "r12",
            "r13", "r14", "r15", "rip", "rflags").withName("kvm_regs");

    static final StructLayout SREGS = structLayout(SEGMENT.withName("cs"), SEGMENT.withName("ds"), SEGMENT.withName("es"),
            SEGMENT.withName("fs"), SEGMENT.withName("gs"), SEGMENT.withName("ss"), SEGMENT.withName("tr"), SEGMENT.withName("ldt"),
            DTABLE.withName("gdt"), DTABLE.withName("idt"), u64("cr0"), u64("cr2"), u64("cr3"), u64("cr4"), u64("cr8"), u64("efer"),
            u64("apic_base"), sequenceLayout(4, JAVA_LONG).withName("interrupt_bitmap")).withName("kvm_sregs");

    static final StructLayout DEBUGREGS = structLayout(sequenceLayout(4, JAVA_LONG).withName("db"), u64("dr6"), u64("dr7"),
            u64("flags"), sequenceLayout(9, JAVA_LONG).withName("reserved")).withName("kvm_debugregs");

    static final StructLayout VCPU_EVENTS = structLayout(
            structLayout(u8("injected"), u8("nr"), u8("has_error_code"), u8("pending"), u32("error_code")).withName("exception"),
            structLayout(u8("injected"), u8("nr"), u8("soft"), u8("shadow")).withName("interrupt"),
            structLayout(u8("injected"), u8("pending"), u8("masked"), u8("pad")).withName("nmi"),
            u32("sipi_vector"), u32("flags"), paddingLayout(31), u8("exception_has_payload"), u64("exception_payload"))
            .withName("kvm_vcpu_events");

    static final StructLayout XCR = structLayout(u32("xcr"), u32("reserved"), u64("value")).withName("kvm_xcr");

    static final StructLayout XCRS = structLayout(u32("nr_xcrs"), u32("flags"), sequenceLayout(16, XCR).withName("xcrs"),
            paddingLayout(128)).withName("kvm_xcrs");

    static final StructLayout XSAVE = structLayout(sequenceLayout(1024, JAVA_INT).withName("region")).withName("kvm_xsave");

    static final StructLayout MSR_ENTRY = structLayout(u32("index"), u32("reserved"), u64("data")).withName("kvm_msr_entry");

    static final StructLayout MSRS = structLayout(u32("nmsrs"), u32("pad")).withName("kvm_msrs");

    static final StructLayout MSR_LIST = structLayout(u32("nmsrs")).withName("kvm_msr_list");

    static final StructLayout MSR_FILTER_RANGE =
            structLayout(u32("flags"), u32("nmsrs"), u32("base"), paddingLayout(4), u64("bitmap")).withName("kvm_msr_filter_range");

    static final StructLayout MSR_FILTER = structLayout(u32("flags"), paddingLayout(4),
            sequenceLayout(16, MSR_FILTER_RANGE).withName("ranges")).withName("kvm_msr_filter");

    static final StructLayout CPUID_ENTRY2 = structLayout(u32("function"), u32("index"), u32("flags"), u32("eax"), u32("ebx"),
            u32("ecx"), u32("edx"), paddingLayout(12)).withName("kvm_cpuid_entry2");

    static final StructLayout CPUID2 = structLayout(u32("nent"), u32("padding")).withName("kvm_cpuid2");

    static final StructLayout CLOCK_DATA = structLayout(u64("clock"), u32("flags"), u32("pad0"), u64("realtime"), u64("host_tsc"),
            paddingLayout(16)).withName("kvm_clock_data");

    static final StructLayout USERSPACE_MEMORY_REGION = structLayout(u32("slot"), u32("flags"), u64("guest_phys_addr"),
            u64("memory_size"), u64("userspace_addr")).withName("kvm_userspace_memory_region");

    static final StructLayout DIRTY_LOG =
            structLayout(u32("slot"), u32("padding1"), u64("dirty_bitmap")).withName("kvm_dirty_log");

    static final StructLayout DIRTY_GFN = structLayout(u32("flags"), u32("slot"), u64("offset")).withName("kvm_dirty_gfn");

    static final StructLayout ENABLE_CAP = structLayout(u32("cap"), u32("flags"), sequenceLayout(4, JAVA_LONG).withName("args"),
            paddingLayout(64)).withName("kvm_enable_cap");

    static final StructLayout IOEVENTFD = structLayout(u64("datamatch"), u64("addr"), u32("len"), u32("fd"), u32("flags"),
            paddingLayout(36)).withName("kvm_ioeventfd");

    static final StructLayout LAPIC_STATE =
            structLayout(sequenceLayout(1024, JAVA_BYTE).withName("regs")).withName("kvm_lapic_state");

    static final StructLayout MP_STATE = structLayout(u32("mp_state")).withName("kvm_mp_state");

    static final StructLayout MSI = structLayout(u32("address_lo"), u32("address_hi"), u32("data"), u32("flags"), u32("devid"),
            paddingLayout(12)).withName("kvm_msi");

    static final StructLayout IRQ_ROUTING = structLayout(u32("nr"), u32("flags")).withName("kvm_irq_routing");

    static final StructLayout IRQ_ROUTING_ENTRY = structLayout(u32("gsi"), u32("type"), u32("flags"), paddingLayout(4),
            structLayout(structLayout(u32("address_lo"), u32("address_hi"), u32("data"), paddingLayout(20)).withName("msi"))
                    .withName("u")).withName("kvm_irq_routing_entry");

    static final StructLayout INTERRUPT = structLayout(u32("irq")).withName("kvm_interrupt");

    /** What all exits have; the union of what each has follows, in {@link RunArea}. */
    static final StructLayout RUN = structLayout(u8("request_interrupt_window"), u8("immediate_exit"), paddingLayout(6),
            u32("exit_reason"), u8("ready_for_interrupt_injection"), u8("if_flag"), u16("flags"), u64("cr8"), u64("apic_base"),
            MemoryLayout.unionLayout(
                    structLayout(u64("hardware_entry_failure_reason")).withName("fail_entry"),
                    structLayout(u8("direction"), u8("size"), u16("port"), u32("count"), u64("data_offset")).withName("io"),
                    structLayout(u64("phys_addr"), u64("data"), u32("len"), u8("is_write")).withName("mmio"),
                    structLayout(u32("suberror"), u32("ndata"), sequenceLayout(16, JAVA_LONG).withName("data")).withName("internal"),
                    structLayout(u8("vector")).withName("eoi"),
                    structLayout(u8("error"), paddingLayout(7), u32("reason"), u32("index"), u64("data")).withName("msr"))
                    .withName("exit")).withName("kvm_run");

    /** Those whose size is the kernel's. */
    static final List<StructLayout> WHOLE = List.of(SEGMENT, DTABLE, REGS, SREGS, DEBUGREGS, VCPU_EVENTS, XCR, XCRS, XSAVE, MSR_ENTRY,
            MSRS, MSR_LIST, MSR_FILTER_RANGE, MSR_FILTER, CPUID_ENTRY2, CPUID2, CLOCK_DATA, USERSPACE_MEMORY_REGION,
            DIRTY_LOG, DIRTY_GFN, ENABLE_CAP, IOEVENTFD, LAPIC_STATE, MP_STATE, MSI, IRQ_ROUTING, IRQ_ROUTING_ENTRY, INTERRUPT);

    private Structs() {}

    /** Where a member is, in bytes from the structure's beginning. */
    static long offset(StructLayout struct, String... path) {
        return struct.byteOffset(Arrays.stream(path).map(PathElement::groupElement).toArray(PathElement[]::new));
    }

    private static StructLayout words(String... names) {
        return structLayout(Arrays.stream(names).map(Structs::u64).toArray(MemoryLayout[]::new));
    }

    private static MemoryLayout u8(String name) {
        return JAVA_BYTE.withName(name);
    }

    private static MemoryLayout u16(String name) {
        return JAVA_SHORT.withName(name);
    }

    private static MemoryLayout u32(String name) {
        return JAVA_INT.withName(name);
    }

    private static MemoryLayout u64(String name) {
        return JAVA_LONG.withName(name);
    }
}
