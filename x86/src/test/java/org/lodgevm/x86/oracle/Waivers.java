package org.lodgevm.x86.oracle;

import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Row;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Differences that are accepted as a whole, each for a reason that names a licence to differ. */
final class Waivers {
    private static final int NP = 11;
    private static final int SS_FAULT = 12;
    private static final int GP = 13;
    private static final int PF = 14;
    private static final int AC = 17;
    private static final int UD = 6;
    private static final int LOCK = 0xF0;
    private static final int FS = 4;
    private static final Set<String> STATE_IMAGES =
            Set.of("FXSAVE", "FXRSTOR", "XSAVE", "XSAVEOPT", "XSAVEC", "XRSTOR");

    private final Map<String, Long> used = new TreeMap<>();

    /** How often each reason was needed. */
    Map<String, Long> used() {
        return used;
    }

    /** Whether two results that are not the same are both right. */
    boolean waives(Instruction in, Case input, Case expected, Case actual) {
        String reason = reason(in, input, expected, actual);
        if (reason != null) {
            used.merge(reason, 1L, Long::sum);
        }
        return reason != null;
    }

    private static String reason(Instruction in, Case input, Case expected, Case actual) {
        if (expected.get32(Layout.OUTCOME) == Layout.STUCK) {
            return "it never ended";
        }
        if (isPrivate(expected) || isPrivate(actual)) {
            return "it reached what is the native runner's own";
        }
        if (in == null) {
            return undefined(input, expected, actual);
        }
        if (isFault(expected, SS_FAULT, GP) && hasStrangeOffset(in, input)) {
            return "AMD's processors want an offset from FS or GS to be canonical itself";
        }
        Row row = in.row();
        boolean faultsDiffer = isFault(expected, SS_FAULT, GP) && isFault(actual, SS_FAULT, GP);
        if (faultsDiffer && (row.alignsMemory() || STATE_IMAGES.contains(row.operation()))) {
            return "misaligned, and beyond SS's limit: #GP or #SS";
        }
        if (isFault(expected, AC, AC) && isFault(actual, PF, PF)) {
            return "misaligned, and not mapped: #AC or #PF";
        }
        return switch (row.operation()) {
            case "CALL" ->
                    differ(expected, actual)
                            ? "a call with neither a target nor room on the stack: either fault"
                            : null;
            case "CMPS" ->
                    faulted(expected) && faulted(actual)
                            ? "two operands that fault: either of them"
                            : null;
            case "FNSAVE", "FNSTENV", "FRSTOR", "FLDENV", "FXSAVE", "FXRSTOR" ->
                    isFault(expected, PF, PF)
                            ? "any byte of an image, even a reserved one, may be the first to fault"
                            : null;
            case "MOVSXD" ->
                    in.opSize() == 2 && isFault(expected, PF, AC)
                            ? "MOVSXD of 16 bits may read 32"
                            : null;
            case "RETF" ->
                    differ(expected, actual)
                            ? "a far return to a bad selector from a bad stack: either fault"
                            : null;
            case "MASKMOVQ", "MASKMOVDQU" -> maskedMove(expected, actual);
            case "POPA" ->
                    isFault(expected, SS_FAULT, PF) && sameVector(expected, actual)
                            ? "POPA that faults may have loaded some registers"
                            : null;
            case "PUSH" ->
                    isFault(expected, AC, AC) && row.operand(0).method() == AddressingMethod.SEGMENT
                            ? "a selector may be pushed and popped as two aligned bytes"
                            : null;
            case "XSAVE", "XSAVEOPT", "XSAVEC", "XRSTOR" ->
                    isFault(expected, PF, PF)
                                    && expected.get64(Layout.CR2) != actual.get64(Layout.CR2)
                            ? "the host's state is larger"
                            : null;
            case "SHA1MSG1",
                    "SHA1MSG2",
                    "SHA1NEXTE",
                    "SHA1RNDS4",
                    "SHA256MSG1",
                    "SHA256MSG2",
                    "SHA256RNDS2" ->
                    isFault(actual, GP, GP)
                            ? "AMD's processors let operands of SHA instructions be misaligned"
                            : null;
            default -> null;
        };
    }

    private static boolean hasStrangeOffset(Instruction in, Case input) {
        if (!in.codeSize().is64() || in.segment() < FS) {
            return false;
        }
        long base = input.get64(in.segment() == FS ? Layout.FS_BASE : Layout.GS_BASE);
        long offset = Place.linear(in, input) - base;
        return offset << 16 >> 16 != offset;
    }

    /** Bytes that are no instruction of the table. */
    private static String undefined(Case input, Case expected, Case actual) {
        if (!isFault(actual, UD, UD)) {
            return null;
        }
        if (input.get8(Layout.CODE_COPY + input.get32(Layout.INSTRUCTION_AT)) == LOCK
                && isFault(expected, SS_FAULT, PF)) {
            return "a LOCK that is not allowed, and a fault in memory: #UD or that";
        }
        return isFault(expected, UD, UD)
                ? null
                : "the host knows an instruction that the table has not";
    }

    private static String farCall(Case expected, Case actual) {
        if (!faulted(expected) || !faulted(actual)) {
            return null;
        }
        return sameVector(expected, actual)
                ? "a far call that faults may have pushed its return address"
                : "a far call with neither a target nor room on the stack: either fault";
    }

    private static String maskedMove(Case expected, Case actual) {
        return isFault(expected, PF, PF)
                ? "a page fault for bytes that MASKMOV leaves out is allowed"
                : isFault(expected, SS_FAULT, AC) && sameVector(expected, actual)
                        ? "MASKMOVQ that faults may have entered MMX mode"
                        : null;
    }

    /** Whether both faulted on account of segments and pages. */
    private static boolean differ(Case expected, Case actual) {
        return faulted(expected) && faulted(actual) && !sameVector(expected, actual);
    }

    private static boolean faulted(Case result) {
        return isFault(result, NP, AC);
    }

    private static boolean bothPageFaults(Case expected, Case actual) {
        return isFault(expected, PF, PF) && isFault(actual, PF, PF);
    }

    private static boolean sameVector(Case expected, Case actual) {
        return actual.get32(Layout.OUTCOME) == Layout.FAULTED
                && expected.get32(Layout.VECTOR) == actual.get32(Layout.VECTOR);
    }

    private static boolean isFault(Case result, int first, int last) {
        int vector = result.get32(Layout.VECTOR);
        return result.get32(Layout.OUTCOME) == Layout.FAULTED && vector >= first && vector <= last;
    }

    private static boolean isPrivate(Case result) {
        return isFault(result, PF, PF) && NativeRunner.isPrivate(result.get64(Layout.CR2));
    }
}
