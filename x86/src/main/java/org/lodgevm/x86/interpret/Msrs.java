package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Cr.CR0_PG;
import static org.lodgevm.x86.state.Cr.EFER_LMA;
import static org.lodgevm.x86.state.Cr.EFER_LME;
import static org.lodgevm.x86.state.Cr.EFER_NXE;
import static org.lodgevm.x86.state.Cr.EFER_SCE;

import java.util.Map;
import java.util.TreeMap;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.state.Msr;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Model-specific registers. One that is unknown, or a value that is reserved, is #GP(0). @sdm volume 4, chapter 2 */
final class Msrs {
    private static final Logger LOG = LoggerFactory.getLogger("org.lodgevm.x86");
    private static final long EFER_WRITABLE = EFER_SCE | EFER_LME | EFER_NXE;
    /** WB, WT, UC-, UC, twice: the power-up value. */
    private static final long PAT_RESET = 0x0007_0406_0007_0406L;
    /** Eight variable ranges, fixed ranges, write combining. */
    private static final long MTRRCAP = 0x508;
    private static final int VARIABLE_MTRRS = 8;
    /** Fast strings. */
    private static final long MISC_ENABLE = 1;
    private static final long FEATURE_CONTROL_LOCKED = 1;
    /** MCG_CAP: ten banks is what others show, without CMCI. */
    private static final int MACHINE_CHECK_BANKS = 10;
    private static final int IA32_MC0_CTL = 0x400;
    private static final long DEBUGCTL_LBR = 1;
    private static final long DEBUGCTL_BTF = 1 << 1;
    private static final int IA32_SPEC_CTRL = 0x48;
    /** IBRS; STIBP, which a CPU with IBRS takes even if it has no other threads; BHI_DIS_S. Nothing speculates, so all are true. */
    private static final long SPEC_CTRL_WRITABLE = 1 | 1 << 1 | 1 << 10;
    private static final int IA32_PRED_CMD = 0x49;
    private static final int IA32_ARCH_CAPABILITIES = 0x10a;
    /** RDCL_NO, IBRS_ALL, SKIP_L1DFL, SSB_NO, MDS_NO, PSCHANGE_MC_NO, TAA_NO, SBDR/FBSDP/PSDP_NO, BHI_NO, PBRSB_NO, GDS_NO, RFDS_NO, ITS_NO. */
    private static final long ARCH_CAPABILITIES = 1 | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 7 << 13 | 1 << 20
            | 1 << 24 | 1 << 26 | 1 << 27 | 1L << 62;

    private final Cpu c;
    private final KvmClock clock;

    long star;
    long lstar;
    long cstar;
    long fmask;
    long kernelGsBase;
    long tscAux;
    long sysenterCs;
    long sysenterEsp;
    long sysenterEip;
    private long debugControl;
    /** Registers that only remember what is written: PAT, MTRRs, machine check. */
    private final Map<Integer, Long> plain = new TreeMap<>();

    Msrs(Cpu cpu) {
        c = cpu;
        clock = new KvmClock(cpu);
        reset();
    }

    KvmClock clock() {
        return clock;
    }

    /** Power-up values. INIT changes none of these. */
    void reset() {
        star = lstar = cstar = fmask = kernelGsBase = tscAux = 0;
        sysenterCs = sysenterEsp = sysenterEip = 0;
        debugControl = 0;
        clock.reset();
        plain.clear();
        plain.put(Msr.IA32_PAT, PAT_RESET);
        plain.put(Msr.IA32_MISC_ENABLE, MISC_ENABLE);
        plain.put(Msr.IA32_MTRR_DEF_TYPE, 0L);
        plain.put(Msr.IA32_MCG_STATUS, 0L);
        plain.put(IA32_SPEC_CTRL, 0L);
        plain.put(Msr.IA32_BIOS_SIGN_ID, 1L << 32);
        for (int i = 0; i < 2 * VARIABLE_MTRRS; i++) {
            plain.put(Msr.IA32_MTRR_PHYSBASE0 + i, 0L);
        }
        plain.put(Msr.IA32_MTRR_FIX64K_00000, 0L);
        plain.put(Msr.IA32_MTRR_FIX16K_80000, 0L);
        plain.put(Msr.IA32_MTRR_FIX16K_A0000, 0L);
        for (int i = 0; i < 8; i++) {
            plain.put(Msr.IA32_MTRR_FIX4K_C0000 + i, 0L);
        }
        // a guest that began under KVM writes them again; what they offer, it finds standing still
        plain.put(Msr.KVM_STEAL_TIME, 0L);
        plain.put(Msr.KVM_PV_EOI, 0L);
        plain.put(Msr.KVM_ASYNC_PF_EN, 0L);
        plain.put(Msr.KVM_ASYNC_PF_INT, 0L);
        plain.put(Msr.KVM_ASYNC_PF_ACK, 0L);
        for (int i = 0; i < 4 * MACHINE_CHECK_BANKS; i++) {
            plain.put(IA32_MC0_CTL + i, 0L);
        }
    }

    Map<Integer, Long> saved() {
        Map<Integer, Long> all = new TreeMap<>(plain);
        for (int msr : NAMED) {
            all.put(msr, read(msr));
        }
        return all;
    }

    private static final int[] NAMED = {Msr.IA32_TSC_ADJUST, Msr.IA32_SYSENTER_CS, Msr.IA32_SYSENTER_ESP, Msr.IA32_SYSENTER_EIP,
        Msr.IA32_DEBUGCTL, Msr.IA32_STAR, Msr.IA32_LSTAR, Msr.IA32_CSTAR, Msr.IA32_FMASK, Msr.IA32_KERNEL_GS_BASE, Msr.IA32_TSC_AUX,
        Msr.KVM_SYSTEM_TIME_NEW, Msr.KVM_WALL_CLOCK_NEW};

    void restore(Map<Integer, Long> all) {
        plain.keySet().forEach(msr -> plain.put(msr, all.getOrDefault(msr, plain.get(msr))));
        for (int msr : NAMED) {
            if (all.containsKey(msr)) {
                write(msr, all.get(msr));
            }
        }
    }

    long read(int msr) {
        if (c.interrupts.ownsMsr(msr)) {
            try {
                return c.interrupts.readMsr(msr);
            } catch (MsrFault fault) {
                throw c.protection();
            }
        }
        return switch (msr) {
            case Msr.IA32_TIME_STAMP_COUNTER -> c.tsc.read();
            case Msr.IA32_TSC_ADJUST -> c.tsc.adjust();
            case Msr.IA32_PLATFORM_ID -> 0;
            case Msr.IA32_FEATURE_CONTROL -> FEATURE_CONTROL_LOCKED;
            case Msr.IA32_MTRRCAP -> MTRRCAP;
            case Msr.IA32_XSS -> 0;
            case Msr.IA32_MCG_CAP -> MACHINE_CHECK_BANKS;
            case IA32_ARCH_CAPABILITIES -> ARCH_CAPABILITIES;
            case Msr.IA32_SYSENTER_CS -> sysenterCs;
            case Msr.IA32_SYSENTER_ESP -> sysenterEsp;
            case Msr.IA32_SYSENTER_EIP -> sysenterEip;
            case Msr.IA32_EFER -> c.efer;
            case Msr.IA32_DEBUGCTL -> debugControl;
            case Msr.IA32_STAR -> star;
            case Msr.IA32_LSTAR -> lstar;
            case Msr.IA32_CSTAR -> cstar;
            case Msr.IA32_FMASK -> fmask;
            case Msr.IA32_FS_BASE -> c.segments[Segment.FS].base;
            case Msr.IA32_GS_BASE -> c.segments[Segment.GS].base;
            case Msr.IA32_KERNEL_GS_BASE -> kernelGsBase;
            case Msr.IA32_TSC_AUX -> tscAux;
            case Msr.KVM_SYSTEM_TIME, Msr.KVM_SYSTEM_TIME_NEW -> clock.systemTime();
            case Msr.KVM_WALL_CLOCK, Msr.KVM_WALL_CLOCK_NEW -> clock.wallClock();
            default -> remembered(msr);
        };
    }

    private long remembered(int msr) {
        Long value = plain.get(msr);
        if (value == null) {
            LOG.debug("RDMSR of unknown {} at rip {}", Integer.toHexString(msr), Long.toHexString(c.rip));
            throw c.protection();
        }
        return value;
    }

    private long canonical(long value) {
        if (!Mmu.canonicalBase(value)) {
            throw c.protection();
        }
        return value;
    }

    void write(int msr, long value) {
        if (c.interrupts.ownsMsr(msr)) {
            try {
                c.interrupts.writeMsr(msr, value);
                return;
            } catch (MsrFault fault) {
                throw c.protection();
            }
        }
        switch (msr) {
            case Msr.IA32_TIME_STAMP_COUNTER -> c.tsc.write(value);
            case Msr.IA32_TSC_ADJUST -> c.tsc.adjust(value);
            case Msr.IA32_BIOS_UPDT_TRIG, IA32_PRED_CMD -> {
                // a microcode update is taken as done; there are no predictions to forget
            }
            case Msr.IA32_XSS -> {
                if (value != 0) {
                    throw c.protection(); // there is no supervisor state
                }
            }
            case Msr.IA32_SYSENTER_CS -> sysenterCs = value & 0xffff;
            case Msr.IA32_SYSENTER_ESP -> sysenterEsp = canonical(value);
            case Msr.IA32_SYSENTER_EIP -> sysenterEip = canonical(value);
            case Msr.IA32_EFER -> efer(value);
            case Msr.IA32_DEBUGCTL -> debugControl(value);
            case Msr.IA32_STAR -> star = value;
            case Msr.IA32_LSTAR -> lstar = canonical(value);
            case Msr.IA32_CSTAR -> cstar = canonical(value);
            case Msr.IA32_FMASK -> fmask = value & 0xffff_ffffL;
            case Msr.IA32_FS_BASE -> Segmentation.fsBase(c, canonical(value));
            case Msr.IA32_GS_BASE -> Segmentation.gsBase(c, canonical(value));
            case Msr.IA32_KERNEL_GS_BASE -> kernelGsBase = canonical(value);
            case Msr.IA32_TSC_AUX -> {
                if (value >>> 32 != 0) {
                    throw c.protection();
                }
                tscAux = value;
            }
            case Msr.KVM_SYSTEM_TIME, Msr.KVM_SYSTEM_TIME_NEW -> clock.systemTime(value);
            case Msr.KVM_WALL_CLOCK, Msr.KVM_WALL_CLOCK_NEW -> clock.wallClock(value);
            default -> remember(msr, value);
        }
    }

    private void remember(int msr, long value) {
        if (!plain.containsKey(msr)) {
            LOG.debug("WRMSR of unknown {} = {} at rip {}", Integer.toHexString(msr), Long.toHexString(value),
                    Long.toHexString(c.rip));
            throw c.protection();
        }
        if (!valid(msr, value)) {
            throw c.protection();
        }
        if (msr != Msr.IA32_BIOS_SIGN_ID) {
            plain.put(msr, value);
        }
    }

    private static boolean valid(int msr, long value) {
        if (msr == IA32_SPEC_CTRL) {
            return (value & ~SPEC_CTRL_WRITABLE) == 0;
        }
        if (msr == Msr.IA32_PAT) {
            return memoryTypes(value, 8, true);
        }
        if (msr >= Msr.IA32_MTRR_FIX64K_00000 && msr < Msr.IA32_MTRR_FIX4K_C0000 + 8) {
            return memoryTypes(value, 8, false);
        }
        if (msr == Msr.IA32_MTRR_DEF_TYPE) {
            return (value & ~0xcffL) == 0 && memoryTypes(value & 0xff, 1, false);
        }
        if (msr >= IA32_MC0_CTL && msr < IA32_MC0_CTL + 4 * MACHINE_CHECK_BANKS) {
            // control: all errors or none; status: software can only clear it
            return switch (msr & 3) {
                case 0 -> value == 0 || value == -1;
                case 1 -> value == 0;
                default -> true;
            };
        }
        return true;
    }

    /** UC, WC, WT, WP, WB, and in the PAT also UC-. @sdm 12.3 */
    private static boolean memoryTypes(long value, int count, boolean pat) {
        for (int i = 0; i < count; i++) {
            int type = (int) (value >>> 8 * i) & 0xff;
            boolean known = type == 0 || type == 1 || type == 4 || type == 5 || type == 6 || pat && type == 7;
            if (!known) {
                return false;
            }
        }
        return true;
    }

    /** There are no records of branches, which is all that LBR asks for. */
    private void debugControl(long value) {
        if ((value & ~(DEBUGCTL_LBR | DEBUGCTL_BTF)) != 0) {
            throw c.protection();
        }
        debugControl = value;
    }

    /** IA32_DEBUGCTL.BTF: single-stepping stops at branches alone. A debug exception clears it. */
    boolean stepsByBranch() {
        return (debugControl & DEBUGCTL_BTF) != 0;
    }

    void stepByInstruction() {
        debugControl &= ~DEBUGCTL_BTF;
    }

    private void efer(long value) {
        if ((value & ~(EFER_WRITABLE | EFER_LMA)) != 0 || ((value ^ c.efer) & EFER_LME) != 0 && (c.cr0 & CR0_PG) != 0) {
            throw c.protection();
        }
        boolean flush = ((value ^ c.efer) & EFER_NXE) != 0;
        c.efer = value & EFER_WRITABLE | c.efer & EFER_LMA;
        c.updatePaging();
        if (flush) {
            c.flushTlb(true);
        }
        c.updateMode();
    }
}
