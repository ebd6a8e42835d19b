package org.lodgevm.x86.state;

/** Numbers of model-specific registers. @sdm volume 4; the KVM_ ones: Linux's virt/kvm/x86/msr.rst */
public final class Msr {
    public static final int IA32_TIME_STAMP_COUNTER = 0x10;
    public static final int IA32_PLATFORM_ID = 0x17;
    public static final int IA32_APIC_BASE = 0x1b;
    public static final int IA32_FEATURE_CONTROL = 0x3a;
    public static final int IA32_TSC_ADJUST = 0x3b;
    public static final int IA32_BIOS_UPDT_TRIG = 0x79;
    public static final int IA32_BIOS_SIGN_ID = 0x8b;
    public static final int IA32_MTRRCAP = 0xfe;
    public static final int IA32_SYSENTER_CS = 0x174;
    public static final int IA32_SYSENTER_ESP = 0x175;
    public static final int IA32_SYSENTER_EIP = 0x176;
    public static final int IA32_MCG_CAP = 0x179;
    public static final int IA32_MCG_STATUS = 0x17a;
    public static final int IA32_MISC_ENABLE = 0x1a0;
    public static final int IA32_DEBUGCTL = 0x1d9;
    public static final int IA32_MTRR_PHYSBASE0 = 0x200;
    public static final int IA32_MTRR_FIX64K_00000 = 0x250;
    public static final int IA32_MTRR_FIX16K_80000 = 0x258;
    public static final int IA32_MTRR_FIX16K_A0000 = 0x259;
    public static final int IA32_MTRR_FIX4K_C0000 = 0x268;
    public static final int IA32_PAT = 0x277;
    public static final int IA32_MTRR_DEF_TYPE = 0x2ff;
    public static final int IA32_TSC_DEADLINE = 0x6e0;
    public static final int IA32_XSS = 0xda0;
    public static final int IA32_EFER = 0xc000_0080;
    public static final int IA32_STAR = 0xc000_0081;
    public static final int IA32_LSTAR = 0xc000_0082;
    public static final int IA32_CSTAR = 0xc000_0083;
    public static final int IA32_FMASK = 0xc000_0084;
    public static final int IA32_FS_BASE = 0xc000_0100;
    public static final int IA32_GS_BASE = 0xc000_0101;
    public static final int IA32_KERNEL_GS_BASE = 0xc000_0102;
    public static final int IA32_TSC_AUX = 0xc000_0103;
    public static final int KVM_WALL_CLOCK = 0x11;
    public static final int KVM_SYSTEM_TIME = 0x12;
    public static final int KVM_WALL_CLOCK_NEW = 0x4b56_4d00;
    public static final int KVM_SYSTEM_TIME_NEW = 0x4b56_4d01;
    public static final int KVM_ASYNC_PF_EN = 0x4b56_4d02;
    public static final int KVM_STEAL_TIME = 0x4b56_4d03;
    public static final int KVM_PV_EOI = 0x4b56_4d04;
    public static final int KVM_ASYNC_PF_INT = 0x4b56_4d06;
    public static final int KVM_ASYNC_PF_ACK = 0x4b56_4d07;

    private Msr() {}
}
