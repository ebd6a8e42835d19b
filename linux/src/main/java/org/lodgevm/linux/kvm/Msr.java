package org.lodgevm.linux.kvm;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Numbers of model-specific registers. @sdm volume 4, chapter 2 */
final class Msr {
    static final int IA32_TIME_STAMP_COUNTER = 0x10;
    static final int IA32_APIC_BASE = 0x1b;
    static final int IA32_MTRR_PHYSBASE0 = 0x200;
    static final int IA32_MTRR_FIX64K_00000 = 0x250;
    static final int IA32_MTRR_FIX16K_80000 = 0x258;
    static final int IA32_MTRR_FIX16K_A0000 = 0x259;
    static final int IA32_MTRR_FIX4K_C0000 = 0x268;
    static final int IA32_PAT = 0x277;
    static final int IA32_MTRR_DEF_TYPE = 0x2ff;
    static final int IA32_TSC_DEADLINE = 0x6e0;
    static final int IA32_EFER = 0xc000_0080;
    static final int IA32_FS_BASE = 0xc000_0100;
    static final int IA32_GS_BASE = 0xc000_0101;

    /** Where the kernel writes how long a vCPU waited for the host's processor. Source: Linux's Documentation/virt/kvm/x86/msr.rst. */
    static final int KVM_STEAL_TIME = 0x4b56_4d03;

    static final int KVM_MSR_ENABLED = 1;

    /** Where the kernel tells of pages of memory that it has yet to fetch, and by which vector of those that have come. Same source. */
    static final int KVM_ASYNC_PF_EN = 0x4b56_4d02;

    static final int KVM_ASYNC_PF_INT = 0x4b56_4d06;

    private static final int VARIABLE_MTRRS = 8;
    private static final int FIX4K_MTRRS = 8;

    private Msr() {}

    /** Memory types, which older kernels keep for a guest without saying so. @sdm 12.11 */
    static IntStream memoryTypes() {
        return Stream.of(
                        IntStream.range(0, 2 * VARIABLE_MTRRS).map(i -> IA32_MTRR_PHYSBASE0 + i),
                        IntStream.of(IA32_MTRR_FIX64K_00000, IA32_MTRR_FIX16K_80000, IA32_MTRR_FIX16K_A0000),
                        IntStream.range(0, FIX4K_MTRRS).map(i -> IA32_MTRR_FIX4K_C0000 + i),
                        IntStream.of(IA32_PAT, IA32_MTRR_DEF_TYPE))
                .flatMapToInt(numbers -> numbers);
    }
}
