package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RBX;
import static org.lodgevm.x86.state.Gpr.RCX;
import static org.lodgevm.x86.state.Gpr.RDX;

import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Rflags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Identification, time, waiting, interrupt enable, random numbers, hypercalls; and what happens to bytes that are no instruction. */
final class Processor {
    private static final Logger LOG = LoggerFactory.getLogger("org.lodgevm.x86");
    private static final SecureRandom RANDOM = new SecureRandom();
    /** KVM's answer to a hypercall it does not know: -KVM_ENOSYS. */
    private static final long NO_SUCH_CALL = -1000;
    /** Log lines about undefined instructions that a CPU's guest can cause. */
    private static final int MOST_UNDEFINED = 100;

    private Processor() {}

    static void cpuid(Cpu c, Op o) {
        CpuidModel.Result r = c.cpuid.query(c, (int) c.r[RAX], (int) c.r[RCX]);
        c.r[RAX] = r.eax() & 0xffff_ffffL;
        c.r[RBX] = r.ebx() & 0xffff_ffffL;
        c.r[RCX] = r.ecx() & 0xffff_ffffL;
        c.r[RDX] = r.edx() & 0xffff_ffffL;
    }

    // --- time ----------------------------------------------------------------------------------------------------------------

    private static void checkTsd(Cpu c) {
        if ((c.cr4 & Cr.CR4_TSD) != 0 && c.cpl > 0) {
            throw c.protection();
        }
    }

    private static void pair(Cpu c, long value) {
        c.r[RAX] = value & 0xffff_ffffL;
        c.r[RDX] = value >>> 32;
    }

    static void rdtsc(Cpu c, Op o) {
        checkTsd(c);
        pair(c, c.tsc.read());
    }

    static void rdtscp(Cpu c, Op o) {
        rdtsc(c, o);
        c.r[RCX] = c.msrs.tscAux & 0xffff_ffffL;
    }

    static void rdpid(Cpu c, Op o) {
        c.r[o.rm] = c.msrs.tscAux & 0xffff_ffffL;
    }

    /** There are no performance counters. */
    static void rdpmc(Cpu c, Op o) {
        throw c.protection();
    }

    // --- model-specific registers ----------------------------------------------------------------------------------------------

    static void rdmsr(Cpu c, Op o) {
        pair(c, c.msrs.read((int) c.r[RCX]));
    }

    static void wrmsr(Cpu c, Op o) {
        c.msrs.write((int) c.r[RCX], c.r[RDX] << 32 | c.r[RAX] & 0xffff_ffffL);
    }

    // --- waiting ---------------------------------------------------------------------------------------------------------------

    static void hlt(Cpu c, Op o) {
        c.ask(Attention.HALTED);
    }

    private static void checkMonitor(Cpu c) {
        if ((int) c.r[RCX] != 0) {
            throw c.protection();
        }
    }

    static void monitor(Cpu c, Op o) {
        checkMonitor(c);
    }

    /** Returns at once, as it may at any time. @sdm volume 2 "MWAIT" */
    static void mwait(Cpu c, Op o) {
        Thread.onSpinWait();
    }

    static void lfence(Cpu c, Op o) {
        VarHandle.loadLoadFence();
    }

    /** Whatever an instruction changes here, the next one finds changed. @sdm 10.3 */
    static void serialize(Cpu c, Op o) {
        VarHandle.fullFence();
    }

    static void mfence(Cpu c, Op o) {
        VarHandle.fullFence();
    }

    static void sfence(Cpu c, Op o) {
        VarHandle.storeStoreFence();
    }

    // --- flags that only privileged code changes -------------------------------------------------------------------------------

    /** What CLI and STI may change: IF; VIF under virtual-mode extensions or protected-mode virtual interrupts; or nothing. */
    private static int interruptFlag(Cpu c) {
        if (!c.protectedMode() || c.cpl <= c.iopl() && !c.v86 || c.v86 && c.iopl() == 3) {
            return Rflags.IF;
        }
        boolean virtual = c.v86 ? (c.cr4 & Cr.CR4_VME) != 0 : c.cpl == 3 && (c.cr4 & Cr.CR4_PVI) != 0;
        if (!virtual) {
            throw c.protection();
        }
        return Rflags.VIF;
    }

    static void cli(Cpu c, Op o) {
        c.flag(interruptFlag(c), false);
    }

    static void sti(Cpu c, Op o) {
        int flag = interruptFlag(c);
        if (flag == Rflags.VIF) {
            if (c.flag(Rflags.VIP)) {
                throw c.protection();
            }
            c.flag(flag, true);
            return;
        }
        boolean was = c.flag(Rflags.IF);
        c.flag(Rflags.IF, true);
        if (!was) {
            c.shadow(o.next);
        }
        c.interruptsMayCome();
    }

    static void clac(Cpu c, Op o) {
        c.flag(Rflags.AC, false);
        c.updateRegime();
    }

    static void stac(Cpu c, Op o) {
        c.flag(Rflags.AC, true);
        c.updateRegime();
    }

    // --- random numbers ----------------------------------------------------------------------------------------------------------

    static void rdrand(Cpu c, Op o) {
        c.register(o.rm, o.instruction.opSize(), RANDOM.nextLong());
        Flags.set(c, 1, 8, true, false);
        Flags.status(c, Rflags.CF);
    }

    static void rdseed(Cpu c, Op o) {
        rdrand(c, o);
    }

    // --- hypercalls --------------------------------------------------------------------------------------------------------------

    static void vmcall(Cpu c, Op o) {
        c.r[RAX] = NO_SUCH_CALL;
    }

    static void vmmcall(Cpu c, Op o) {
        vmcall(c, o);
    }

    // --- no instruction ----------------------------------------------------------------------------------------------------------

    /** Bytes that decode to nothing. */
    static void unknown(Cpu c, Op o) {
        if (LOG.isInfoEnabled() && mayName(c)) {
            LOG.info("#UD at rip {}: no instruction: {}", Long.toHexString(o.rip), bytes(c, o));
        }
        throw c.undefined();
    }

    /** An instruction of the table that has no meaning here yet; CPUID does not show its feature. */
    static void unimplemented(Cpu c, Op o) {
        if (LOG.isWarnEnabled() && mayName(c)) {
            LOG.warn("#UD at rip {}: {} is not implemented: {}", Long.toHexString(o.rip), o.instruction.row().mnemonic(), bytes(c, o));
        }
        throw c.undefined();
    }

    /** A guest must not fill the host's log: so many, then silence. */
    private static boolean mayName(Cpu c) {
        if (c.undefinedNamed > MOST_UNDEFINED) {
            return false;
        }
        if (c.undefinedNamed++ < MOST_UNDEFINED) {
            return true;
        }
        LOG.info("CPU {}: further undefined instructions are not named", c.index);
        return false;
    }

    /** Before a block whose registers are traced. */
    static void traced(Cpu c, Op o) {
        long next = c.rip;
        c.rip = o.rip;
        c.tracer.registers(c);
        c.rip = next;
    }

    private static String bytes(Cpu c, Op o) {
        StringBuilder text = new StringBuilder();
        try {
            for (int i = 0; i < 15; i++) {
                text.append("%02x ".formatted(Linear.read8(c, (c.code64 ? 0 : c.csBase) + o.rip + i, Segment.CS)));
            }
        } catch (RuntimeException endOfMapping) {
            text.append("..");
        }
        return text.toString().trim();
    }

    /** An instruction that exists but not in this mode, or whose feature CPUID hides. */
    static void undefined(Cpu c, Op o) {
        throw c.undefined();
    }

    /** An instruction that needs more privilege, or bytes too long for one. */
    static void forbidden(Cpu c, Op o) {
        throw c.protection();
    }
}
