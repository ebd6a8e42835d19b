package org.lodgevm.x86.interpret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lodgevm.machine.Accelerator.Cpus;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.Tsc;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;

/**
 * What CPUID shows: an x86-64-v3 processor with some later additions. Features come from the instruction table's
 * {@link Feature}s; what has no instruction of its own is added here by name. @sdm volume 2 "CPUID"
 *
 * <p>The vendor is Intel's since SYSCALL, SYSENTER and branch prefixes behave as on Intel's processors.
 */
final class CpuidModel {
    record Result(int eax, int ebx, int ecx, int edx) {
        static final Result ZERO = new Result(0, 0, 0, 0);
    }

    /** The CPU that asks, as far as answers depend on it. */
    record Asker(int index, boolean hasApic, boolean osxsave, long xcr0) {
        static Asker of(Cpu c) {
            return new Asker(c.index, CpuidModel.hasApic(c), (c.cr4 & Cr.CR4_OSXSAVE) != 0, c.xcr0);
        }

        /** After power-up. */
        static Asker of(int index) {
            return new Asker(index, true, false, ExtendedState.X87);
        }
    }

    private static final int HIGHEST = 0x16;
    private static final int HIGHEST_EXTENDED = 0x8000_0008;
    private static final int EXTENDED = 0x8000_0000;
    /** Of leaves that look at ECX, the last subleaf that is not zero; one more in 0xb, which says so. */
    private static final Map<Integer, Integer> SUBLEAVES = Map.of(4, 4, 7, 2, 0xb, 2, 0xd, 2);
    private static final int HYPERVISOR = 0x4000_0000;
    private static final int HIGHEST_HYPERVISOR = 0x4000_0010;
    private static final byte[] VENDOR = "GenuineIntel".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KVM = "KVMKVMKVM\0\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BRAND = "Lodge Virtual CPU x86-64-v3\0".getBytes(StandardCharsets.US_ASCII);
    /** Family 6, model 26, stepping 3: what came later, systems find out by features. */
    private static final int SIGNATURE = 0x0001_06a3;

    private static final int EDX1 = 1 << 2 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 16
            | 1 << 17; // DE PSE PAE MCE MTRR PGE MCA PAT PSE-36
    private static final int APIC = 1 << 9;
    private static final int APIC_ENABLED = 1 << 11;
    private static final int HTT = 1 << 28;
    private static final int OSXSAVE = 1 << 27;
    /** KVM_FEATURE_CLOCKSOURCE, NOP_IO_DELAY, CLOCKSOURCE2, CLOCKSOURCE_STABLE_BIT. */
    private static final int KVM_FEATURES = 1 | 1 << 1 | 1 << 3 | 1 << 24;
    /** XGETBV with ECX = 1, which came with XSAVEC. */
    private static final int XGETBV_ECX_1 = 1 << 2;

    private final ShownFeatures shown;
    private final int cpus;

    CpuidModel(Cpus cpus) {
        this.cpus = cpus.count();
        shown = ShownFeatures.of(cpus.level());
    }

    boolean shows(Feature feature) {
        return shown.features().contains(feature);
    }

    long cr4Allowed() {
        return shown.cr4Allowed();
    }

    /** XCR0 bits that exist: x87, SSE and AVX. */
    long xcr0Allowed() {
        return ExtendedState.X87 | ExtendedState.SSE | ExtendedState.AVX;
    }

    private int bits(int leaf, int subleaf, Feature.Register register) {
        int bits = 0;
        for (Feature f : shown.features()) {
            if (f.leaf() == leaf && f.subleaf() == subleaf && f.register() == register) {
                bits |= 1 << f.bit();
            }
        }
        return bits;
    }

    Result query(Cpu c, int leaf, int subleaf) {
        return query(Asker.of(c), leaf, subleaf);
    }

    /** A leaf above the highest basic one answers as that does. */
    private Result query(Asker c, int leaf, int subleaf) {
        if (leaf >= HYPERVISOR && leaf <= HIGHEST_HYPERVISOR) {
            return hypervisor(leaf);
        }
        if (leaf < 0) {
            return leaf <= HIGHEST_EXTENDED ? extended(leaf) : basic(c, HIGHEST, subleaf);
        }
        return basic(c, Math.min(leaf, HIGHEST), subleaf);
    }

    /** All leaves, as they are after power-up. */
    List<CpuidLeaf> leaves(int index) {
        Asker asker = Asker.of(index);
        List<CpuidLeaf> leaves = new ArrayList<>();
        for (int leaf = 0; leaf <= HIGHEST; leaf++) {
            addLeaf(leaves, asker, leaf);
        }
        for (int leaf = HYPERVISOR; leaf <= HIGHEST_HYPERVISOR; leaf++) {
            addLeaf(leaves, asker, leaf);
        }
        for (int leaf = EXTENDED; leaf <= HIGHEST_EXTENDED; leaf++) {
            addLeaf(leaves, asker, leaf);
        }
        return leaves;
    }

    private void addLeaf(List<CpuidLeaf> leaves, Asker asker, int leaf) {
        int subleaves = SUBLEAVES.getOrDefault(leaf, 0);
        for (int subleaf = 0; subleaf <= subleaves; subleaf++) {
            Result r = query(asker, leaf, subleaf);
            leaves.add(new CpuidLeaf(leaf, subleaf, subleaves > 0, r.eax, r.ebx, r.ecx, r.edx));
        }
    }

    private Result basic(Asker c, int leaf, int subleaf) {
        return switch (leaf) {
            case 0 -> new Result(HIGHEST, text(VENDOR, 0), text(VENDOR, 8), text(VENDOR, 4));
            case 1 -> version(c);
            case 2 -> new Result(0x00ff_ff01, 0, 0, 0); // cache and TLB information is in leaf 4
            case 4 -> cache(subleaf);
            case 6 -> new Result(1 << 2, 0, 0, 0); // the APIC timer always runs
            case 7 -> structured(subleaf);
            case 0xb -> topology(c, subleaf);
            case 0xd -> xsave(c, subleaf);
            // crystal and TSC run at the same frequency
            case 0x15 -> new Result(1, 1, (int) Tsc.FREQUENCY, 0);
            case 0x16 -> new Result((int) (Tsc.FREQUENCY / 1_000_000), (int) (Tsc.FREQUENCY / 1_000_000), 100, 0);
            default -> Result.ZERO;
        };
    }

    private Result version(Asker c) {
        int ebx = c.index() << 24 | cpus << 16 | 8 << 8; // CLFLUSH lines of 64 bytes
        int ecx = bits(1, 0, Feature.Register.ECX) | shown.ecx1() | (c.osxsave() ? OSXSAVE : 0);
        int edx = bits(1, 0, Feature.Register.EDX) | EDX1 | shown.edx1() | (cpus > 1 ? HTT : 0)
                | (c.hasApic() ? APIC : 0);
        return new Result(SIGNATURE, ebx, ecx, edx);
    }

    private Result structured(int subleaf) {
        return switch (subleaf) {
            case 0 -> new Result(2, bits(7, 0, Feature.Register.EBX) | shown.ebx7(), bits(7, 0, Feature.Register.ECX) | shown.ecx7(),
                    bits(7, 0, Feature.Register.EDX) | shown.edx7());
            case 2 -> new Result(0, 0, 0, shown.edx7sub2());
            default -> Result.ZERO;
        };
    }

    /** A local APIC that IA32_APIC_BASE disables is not there. @sdm 3A:11.4.3 */
    private static boolean hasApic(Cpu c) {
        return c.interrupts.ownsMsr(Msr.IA32_APIC_BASE)
                && (c.interrupts.readMsr(Msr.IA32_APIC_BASE) & APIC_ENABLED) != 0;
    }

    /** L1 data, L1 code, L2: 32 KiB, 32 KiB and 1 MiB a CPU; L3: 16 MiB for all. */
    private Result cache(int subleaf) {
        return switch (subleaf) {
            case 0 -> cache(1, 1, 8, 64, 1);
            case 1 -> cache(2, 1, 8, 64, 1);
            case 2 -> cache(3, 2, 16, 1024, 1);
            case 3 -> cache(3, 3, 16, 16384, cpus);
            default -> Result.ZERO;
        };
    }

    private Result cache(int type, int level, int ways, int sets, int sharing) {
        int eax = type | level << 5 | 1 << 8 | power(sharing) - 1 << 14 | power(cpus) - 1 << 26;
        return new Result(eax, 63 | ways - 1 << 22, sets - 1, 0);
    }

    private static int power(int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    /** One thread a core, all cores in one package. */
    private Result topology(Asker c, int subleaf) {
        return switch (subleaf) {
            case 0 -> new Result(0, 1, 1 << 8, c.index());
            case 1 -> new Result(Integer.numberOfTrailingZeros(power(cpus)), cpus, 2 << 8 | 1, c.index());
            default -> new Result(0, 0, subleaf & 0xff, c.index());
        };
    }

    /** Sizes of images, of the components enabled and of all there are; then place and size of each extended component. */
    private Result xsave(Asker c, int subleaf) {
        int enabled = ExtendedState.size(c.xcr0());
        return switch (subleaf) {
            case 0 -> new Result((int) xcr0Allowed(), enabled, ExtendedState.size(xcr0Allowed()), 0);
            case 1 -> new Result(bits(0xd, 1, Feature.Register.EAX) | (shows(Feature.XSAVEC) ? XGETBV_ECX_1 : 0), enabled, 0, 0);
            case 2 -> new Result(ExtendedState.AVX_END - ExtendedState.HEADER_END, ExtendedState.HEADER_END, 0, 0);
            default -> Result.ZERO;
        };
    }

    private static Result hypervisor(int leaf) {
        return switch (leaf) {
            case HYPERVISOR -> new Result(HIGHEST_HYPERVISOR, text(KVM, 0), text(KVM, 4), text(KVM, 8));
            case HYPERVISOR + 1 -> new Result(KVM_FEATURES, 0, 0, 0);
            // frequencies of TSC and APIC timer in kHz
            case HIGHEST_HYPERVISOR -> new Result((int) (Tsc.FREQUENCY / 1000), (int) (Tsc.FREQUENCY / 1000), 0, 0);
            default -> Result.ZERO;
        };
    }

    private Result extended(int leaf) {
        return switch (leaf - EXTENDED) {
            case 0 -> new Result(HIGHEST_EXTENDED, 0, 0, 0);
            case 1 -> new Result(0, 0, bits(0x8000_0001, 0, Feature.Register.ECX),
                    bits(0x8000_0001, 0, Feature.Register.EDX) | shown.edxExtended());
            case 2, 3, 4 -> {
                int at = (leaf - EXTENDED - 2) * 16;
                yield new Result(text(BRAND, at), text(BRAND, at + 4), text(BRAND, at + 8), text(BRAND, at + 12));
            }
            case 6 -> new Result(0, 0, 1024 << 16 | 8 << 12 | 64, 0); // the L2 cache once more
            case 7 -> new Result(0, 0, 0, shown.edxPower());
            case 8 -> new Result(PageWalker.PHYSICAL_BITS | shown.linearBits() << 8,
                    bits(0x8000_0008, 0, Feature.Register.EBX), 0, 0);
            default -> Result.ZERO;
        };
    }

    private static int text(byte[] text, int at) {
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | (at + i < text.length ? text[at + i] : 0);
        }
        return value;
    }
}
