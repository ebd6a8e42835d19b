package org.lodgevm.linux.kvm;

/** What KVM_EXIT_INTERNAL_ERROR means. Source: Linux's include/uapi/linux/kvm.h, KVM_INTERNAL_ERROR_*. */
final class InternalError {
    private static final int EMULATION = 1;
    private static final int SIMUL_EX = 2;
    private static final int DELIVERY_EV = 3;
    private static final int UNEXPECTED_EXIT_REASON = 4;

    private InternalError() {}

    static String describe(int suberror) {
        return switch (suberror) {
            case EMULATION -> "the kernel met an instruction that it would have to emulate and cannot";
            case SIMUL_EX -> "exceptions while it delivered another event";
            case DELIVERY_EV -> "an access to a device while it delivered an event";
            case UNEXPECTED_EXIT_REASON -> "the processor left the guest for a reason that the kernel does not know";
            default -> "internal error %d".formatted(suberror);
        };
    }
}
