package org.lodgevm.linux.kvm;

import java.util.List;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.HostCallException;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.ThreadSignal;
import org.lodgevm.machine.Accelerator;

/**
 * Whether KVM works here: it opens, can what is needed, and a small guest comes through all that a kernel depends on. Some hosts offer a
 * {@code /dev/kvm} that only looks like one.
 */
final class Probe {
    private static final List<Capability> NEEDED = List.of(Capability.KVM_CAP_USER_MEMORY, Capability.KVM_CAP_EXT_CPUID,
            Capability.KVM_CAP_SET_TSS_ADDR, Capability.KVM_CAP_SET_IDENTITY_MAP_ADDR, Capability.KVM_CAP_ADJUST_CLOCK,
            Capability.KVM_CAP_VCPU_EVENTS, Capability.KVM_CAP_DEBUGREGS, Capability.KVM_CAP_XSAVE,
            Capability.KVM_CAP_GET_TSC_KHZ, Capability.KVM_CAP_READONLY_MEM, Capability.KVM_CAP_IMMEDIATE_EXIT,
            Capability.KVM_CAP_X86_USER_SPACE_MSR, Capability.KVM_CAP_X86_MSR_FILTER);
    /** At the end of a failure's text; of no interest here. */
    private static final String REGISTERS = "[,;] cpu \\d.*";

    private static final String OTHERWISE =
            "; ask for nested virtualisation if this host is itself a guest, or use --accel jit";

    private Probe() {}

    private static final class Result {
        /** It does not change while a process lives. */
        static final String ONCE = examine();
    }

    /** Null when it works, else one sentence that says why not and what to do. */
    static String unavailable() {
        return Result.ONCE;
    }

    private static String examine() {
        String system = LibC.unavailable();
        if (system != null) {
            return system + "; use --accel jit or interpreter";
        }
        try (Kvm kvm = Kvm.open()) {
            String lack = lack(kvm);
            return lack != null ? lack : RememberedVerdict.ofUser().orElse(Probe::trial);
        } catch (HostCallException e) {
            return explain(e);
        }
    }

    /** What the kernel's error means, and the way out. */
    static String explain(HostCallException e) {
        return switch (e.errno()) {
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO -> "there is no working " + Kvm.DEVICE
                    + "; load the module kvm_intel or kvm_amd, and switch virtualisation on in the firmware";
            case Errno.EACCES, Errno.EPERM -> "this user may not open %s; add the user to its group (sudo usermod -aG kvm %s) and log in again"
                    .formatted(Kvm.DEVICE, System.getProperty("user.name"));
            case Errno.EBUSY -> "another hypervisor has the processor's virtualisation; end it first";
            default -> e.getMessage() + OTHERWISE;
        };
    }

    /** What the kernel lacks, and the way out; null if nothing. */
    static String lack(Kvm kvm) {
        if (kvm.apiVersion() != Kvm.API_VERSION) {
            return "%s has version %d of its interface, not %d; update the kernel".formatted(
                    Kvm.DEVICE, kvm.apiVersion(), Kvm.API_VERSION);
        }
        return NEEDED.stream()
                .filter(capability -> !kvm.has(capability))
                .findFirst()
                .map(capability -> "the kernel's KVM lacks %s; Linux 5.10 and later have it".formatted(capability))
                .orElse(null);
    }

    /** Runs the guest of {@link ProbeGuest}. */
    private static String trial() {
        ThreadSignal.installed();
        try (Trial trial = new Trial(context -> new KvmMachine(Kvm.open(), context, KvmAccelerator.model()))) {
            return verdict(trial.run(), trial.failure());
        }
    }

    /** @param station the last letter that the guest wrote, 0 for none */
    static String verdict(char station, String failure) {
        String what = switch (station) {
            case 0 -> "a guest does not get from real mode into 64-bit mode";
            case ProbeGuest.IN_LONG_MODE -> "a guest's system call does not arrive in its kernel";
            case ProbeGuest.IN_SYSTEM_CALL -> "a guest is not interrupted";
            case ProbeGuest.IN_INTERRUPT -> "a guest does not return from an interrupt";
            default -> null;
        };
        return what == null ? null : "%s opens, but %s (%s)%s".formatted(
                Kvm.DEVICE, what, failure == null ? "nothing happened for %d seconds".formatted(Trial.SECONDS) : failure.replaceFirst(REGISTERS, ""), OTHERWISE);
    }

    /** How the trial makes its machine: by the kernel, or by something else in tests. */
    interface Opener {
        Accelerator.VcpuFactory open(Accelerator.MachineContext context);
    }
}
