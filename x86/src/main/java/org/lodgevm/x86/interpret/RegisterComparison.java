package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;

import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;

/** Compares the registers in two state blocks. */
final class RegisterComparison {
    private static final String[] NAMES = {
        "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
    };
    private static final int STATUS_WORD = StateBlock.X87 + 2;
    private static final int TAGS = StateBlock.X87 + 4;
    private static final int X87_REGISTERS = StateBlock.X87 + 32;

    private RegisterComparison() {}

    /**
     * One sentence on the first register that is another; null if none is.
     *
     * @param flags that count
     */
    static String difference(long translated, long interpreted, int flags) {
        for (int i = 0; i < NAMES.length; i++) {
            String found = compare64(NAMES[i], translated, interpreted, StateBlock.GPR + 8 * i);
            if (found != null) {
                return found;
            }
        }
        int ours = status(translated) & flags;
        int theirs = status(interpreted) & flags;
        if (ours != theirs) {
            return say("RFLAGS", ours, theirs);
        }
        int system = get32(translated + StateBlock.SYSTEM_FLAGS);
        if (system != get32(interpreted + StateBlock.SYSTEM_FLAGS)) {
            return say("RFLAGS", system, get32(interpreted + StateBlock.SYSTEM_FLAGS));
        }
        String beside = system(translated, interpreted);
        if (beside != null) {
            return beside;
        }
        int units = get8(translated + StateBlock.UNITS);
        String found = (units & StateBlock.LOWER_HALVES) != 0 ? vectors(translated, interpreted) : null;
        return found != null || (units & StateBlock.X87_REGISTERS) == 0 ? found : x87(translated, interpreted);
    }

    /** What system calls, returns and SWAPGS change. */
    private static String system(long translated, long interpreted) {
        int context = get32(translated + StateBlock.CONTEXT);
        if (context != get32(interpreted + StateBlock.CONTEXT)) {
            return say("the context", context, get32(interpreted + StateBlock.CONTEXT));
        }
        long selectors = get64(translated + StateBlock.SELECTORS);
        if (selectors != get64(interpreted + StateBlock.SELECTORS)) {
            return say("ES, CS, SS or DS", selectors, get64(interpreted + StateBlock.SELECTORS));
        }
        String base = compare64("GS's base", translated, interpreted, StateBlock.GPR + 8 * (Gpr.SEGMENT_BASE + Segment.GS));
        return base != null ? base : compare64("KERNEL_GS_BASE", translated, interpreted, StateBlock.KERNEL_GS_BASE);
    }

    private static int status(long block) {
        int flags = get16(block + StateBlock.FLAGS);
        return (flags >> 8 | ((flags & 1) != 0 ? Rflags.OF : 0)) & Rflags.STATUS;
    }

    private static String vectors(long translated, long interpreted) {
        int mxcsr = get32(translated + StateBlock.GUEST_MXCSR);
        if (mxcsr != get32(interpreted + StateBlock.GUEST_MXCSR)) {
            return say("MXCSR", mxcsr, get32(interpreted + StateBlock.GUEST_MXCSR));
        }
        for (int half = 0; half < 32; half++) {
            String name = "XMM" + half / 2 + (half % 2 == 0 ? " (low)" : " (high)");
            String found = compare64(name, translated, interpreted, StateBlock.XMM + 8 * half);
            if (found == null) {
                found = compare64("YMM" + half / 2, translated, interpreted, StateBlock.YMM_HIGH + 8 * half);
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static String x87(long translated, long interpreted) {
        int status = get16(translated + STATUS_WORD);
        if (status != get16(interpreted + STATUS_WORD)) {
            return say("the x87 status word", status, get16(interpreted + STATUS_WORD));
        }
        int tags = get8(translated + TAGS);
        if (tags != get8(interpreted + TAGS)) {
            return say("the x87 tag word", tags, get8(interpreted + TAGS));
        }
        for (int i = 0; i < 8; i++) {
            String found = compare64("R%d's significand".formatted(i), translated, interpreted, X87_REGISTERS + 16 * i);
            int exponent = X87_REGISTERS + 16 * i + 8;
            if (found == null && get16(translated + exponent) != get16(interpreted + exponent)) {
                found = say("R%d's exponent".formatted(i), get16(translated + exponent), get16(interpreted + exponent));
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static String compare64(String name, long translated, long interpreted, int offset) {
        long ours = get64(translated + offset);
        long theirs = get64(interpreted + offset);
        return ours == theirs ? null : say(name, ours, theirs);
    }

    private static String say(String name, long translated, long interpreted) {
        return "%s is %x translated and %x interpreted".formatted(name, translated, interpreted);
    }
}
