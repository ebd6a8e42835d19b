package org.lodgevm.linux.kvm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.machine.CpuidLeaf;

/**
 * What CPUID shows to a guest: the model that all accelerators share, less the features that this host has not, and with the paravirtual ones
 * that a guest can lose when it is moved to another accelerator.
 *
 * <p>What is no feature (names, caches, topology) is the model's. The frequency is the host's, unless the processor can count at the
 * model's. @sdm volume 2 "CPUID"
 */
final class GuestCpuid {
    private static final int VERSION = 1;
    private static final int FEATURES = 7;
    private static final int XSAVE = 0xd;
    private static final int TSC_RATIO = 0x15;
    private static final int FREQUENCIES = 0x16;
    private static final int KVM_FEATURES = 0x4000_0001;
    private static final int KVM_FREQUENCIES = 0x4000_0010;
    private static final int EXTENDED_FEATURES = 0x8000_0001;
    private static final int ADDRESS_SIZES = 0x8000_0008;

    /** Leaf 1, ECX. */
    private static final int X2APIC = 1 << 21;

    private static final int TSC_DEADLINE = 1 << 24;
    private static final int HAS_XSAVE = 1 << 26;
    private static final int HYPERVISOR = 1 << 31;
    /** Leaf 1, EDX: several CPUs, as the machine has them. */
    private static final int HTT = 1 << 28;

    /** KVM_FEATURE_STEAL_TIME: what the guest finds in memory stands still elsewhere. */
    static final int STEAL_TIME = 1 << 5;
    /** KVM_FEATURE_PV_EOI: an interrupt needs no end by the APIC's register if memory says so, which never happens elsewhere. */
    static final int PV_EOI = 1 << 6;

    /** KVM_FEATURE_ASYNC_PF and KVM_FEATURE_ASYNC_PF_INT: no page that the guest needs is far away elsewhere. See {@link AsyncFaults}. */
    static final int ASYNC_PF = 1 << 4 | 1 << 14;

    private final Map<Long, CpuidLeaf> supported = new HashMap<>();
    private final int tscKhz;
    private final int paravirtual;

    /**
     * @param supported by the kernel on this host
     * @param tscKhz at which the guest's time-stamp counter runs
     * @param kernelApic whether local APICs are the kernel's
     */
    GuestCpuid(List<CpuidLeaf> supported, int tscKhz, boolean kernelApic) {
        paravirtual = kernelApic ? STEAL_TIME | PV_EOI | ASYNC_PF : STEAL_TIME;
        supported.forEach(leaf -> this.supported.put(key(leaf.leaf(), leaf.subleaf()), leaf));
        this.tscKhz = tscKhz;
    }

    private static long key(int leaf, int subleaf) {
        return (long) leaf << 32 | subleaf;
    }

    List<CpuidLeaf> of(List<CpuidLeaf> model) {
        boolean xsave = model.stream().anyMatch(leaf -> leaf.leaf() == VERSION && (leaf.ecx() & host(leaf).ecx() & HAS_XSAVE) != 0);
        return model.stream()
                .filter(leaf -> leaf.leaf() != XSAVE || xsave && (leaf.subleaf() < 2 || host(leaf).eax() != 0))
                .map(this::both)
                .toList();
    }

    /** The kernel's leaf, zero if it has none. */
    private CpuidLeaf host(CpuidLeaf leaf) {
        CpuidLeaf found = supported.get(key(leaf.leaf(), leaf.subleaf()));
        return found != null ? found : with(leaf, 0, 0, 0, 0);
    }

    private static CpuidLeaf with(CpuidLeaf leaf, int eax, int ebx, int ecx, int edx) {
        return new CpuidLeaf(leaf.leaf(), leaf.subleaf(), leaf.indexed(), eax, ebx, ecx, edx);
    }

    private CpuidLeaf both(CpuidLeaf m) {
        CpuidLeaf h = host(m);
        return switch (m.leaf()) {
            case VERSION -> with(m, m.eax(), m.ebx(),
                    m.ecx() & (h.ecx() | X2APIC) & ~TSC_DEADLINE | HYPERVISOR, // both are the machine's own APIC's
                    m.edx() & (h.edx() | HTT));
            case FEATURES -> with(m, m.subleaf() == 0 ? m.eax() : m.eax() & h.eax(), m.ebx() & h.ebx(), m.ecx() & h.ecx(), m.edx() & h.edx());
            case XSAVE -> xsave(m, h);
            case EXTENDED_FEATURES -> with(m, m.eax(), m.ebx(), m.ecx() & h.ecx(), m.edx() & h.edx());
            case ADDRESS_SIZES -> with(m, least(m.eax(), h.eax()), m.ebx() & h.ebx(), m.ecx(), m.edx());
            case KVM_FEATURES -> with(m, (m.eax() | paravirtual) & h.eax(), m.ebx(), m.ecx(), m.edx());
            case TSC_RATIO -> with(m, m.eax(), m.ebx(), tscKhz * 1000, m.edx());
            case FREQUENCIES -> with(m, tscKhz / 1000, tscKhz / 1000, m.ecx(), m.edx());
            case KVM_FREQUENCIES -> with(m, tscKhz, m.ebx(), m.ecx(), m.edx());
            default -> m;
        };
    }

    /** Sizes of images are those of the components that are left. @sdm 1:13.2 */
    private CpuidLeaf xsave(CpuidLeaf m, CpuidLeaf h) {
        return switch (m.subleaf()) {
            case 0 -> with(m, m.eax() & h.eax(), m.ebx(), imageSize(m.eax() & h.eax()), m.edx() & h.edx());
            case 1 -> with(m, m.eax() & h.eax(), m.ebx(), m.ecx(), m.edx());
            default -> m;
        };
    }

    /** Bytes of an XSAVE image in the standard format with components of XCR0. */
    int imageSize(int components) {
        int size = ExtendedState.SMALLEST;
        for (int component = 2; component < Integer.SIZE - 1; component++) {
            CpuidLeaf place = supported.get(key(XSAVE, component));
            if ((components >> component & 1) != 0 && place != null) {
                size = Math.max(size, place.ebx() + place.eax());
            }
        }
        return size;
    }

    /** Bits of physical and of linear addresses, a byte each. */
    private static int least(int model, int host) {
        return Math.min(model & 0xff, host & 0xff) | Math.min(model >> 8 & 0xff, host >> 8 & 0xff) << 8;
    }
}
