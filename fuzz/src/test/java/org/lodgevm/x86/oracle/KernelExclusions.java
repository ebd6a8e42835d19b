package org.lodgevm.x86.oracle;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/**
 * What of ring 3 is not compared where the host's kernel executes it, and why: with some flavours of /dev/kvm it is that kernel's doing and not
 * the processor's.
 */
final class KernelExclusions {
    /** Why a case is left out once the processor has executed it. */
    enum Reason {
        /** Undefined instructions, stack faults and general protection: the kernel emulates what it can of the instruction, and has the rest be undefined. */
        EMULATED,
        /** An exception for which ring 3 has such a stack pointer does not arrive as itself. */
        STACK_POINTER_NOT_CANONICAL,
        /** The kernel does not show ring 3 the flag NT. */
        NESTED_TASK
    }

    /** They see descriptors of the kernel's own tables, or load what it does not see. */
    private static final Set<String> SEGMENTS =
            Set.of("LAR", "LSL", "VERR", "VERW", "LSS", "LFS", "LGS", "JMPF", "CALLF", "RETF", "IRET");

    private static final Set<Operand> SEGMENT_REGISTERS = Set.of(Operand.Sw, Operand.FS, Operand.GS);
    private static final int UD = 6;
    private static final int SS = 12;
    private static final int GP = 13;
    private static final Set<Integer> EMULATED = Set.of(UD, SS, GP);
    private static final long NT = 1 << 14;
    private static final int RSP = 4;
    private static final int NOT_IN_ADDRESSES = 16;

    private final Map<Reason, Integer> leftOut = new EnumMap<>(Reason.class);

    /**
     * @param avx whether the guest has YMM registers and XSAVE: if not, the processor executes such instructions and nobody keeps their results
     */
    static boolean applies(Row row, boolean avx) {
        return SEGMENTS.contains(row.operation())
                || row.operands().stream().anyMatch(SEGMENT_REGISTERS::contains)
                || !avx && (row.encoding().vex() || row.feature().name().startsWith("XSAVE"));
    }

    boolean compares(Case input, Case expected) {
        Reason reason = reason(input, expected);
        if (reason != null) {
            leftOut.merge(reason, 1, Integer::sum);
        }
        return reason == null;
    }

    /** How many cases were not compared. */
    Map<Reason, Integer> leftOut() {
        return leftOut;
    }

    private static Reason reason(Case input, Case expected) {
        if (expected.get32(Layout.OUTCOME) == Layout.FAULTED && EMULATED.contains(expected.get32(Layout.VECTOR))) {
            return Reason.EMULATED;
        }
        if (!isCanonical(input.get64(Layout.RSP)) || !isCanonical(expected.gpr(RSP))) {
            return Reason.STACK_POINTER_NOT_CANONICAL;
        }
        return ((input.get64(Layout.RFLAGS) | expected.get64(Layout.RFLAGS)) & NT) != 0 ? Reason.NESTED_TASK : null;
    }

    private static boolean isCanonical(long address) {
        return address << NOT_IN_ADDRESSES >> NOT_IN_ADDRESSES == address;
    }
}
