package org.lodgevm.x86.oracle;

import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Row;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Differences that are accepted as a whole, each for a reason that names a licence to differ. */
final class Waivers {
    private static final int SS_FAULT = 12;
    private static final int GP = 13;
    private static final int PF = 14;
    private static final int AC = 17;
    private static final int UD = 6;
    private static final int LOCK = 0xF0;
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
                    faultsDiffer
                            ? "a call with neither a target nor room on the stack: #GP or #SS"
                            : null;
            case "CALLF" -> farCall(expected, actual);
            case "RETF" ->
                    isFault(expected, PF, PF) && isFault(actual, GP, GP)
                            ? "a far return to a bad selector with a bad stack: #GP or #PF"
                            : null;
            case "MASKMOVQ", "MASKMOVDQU" -> maskedMove(expected, actual);
            case "POPA" ->
                    isFault(expected, SS_FAULT, PF) && sameVector(expected, actual)
                            ? "POPA that faults may have loaded some registers"
                            : null;
            case "PUSH" ->
                    isFault(expected, AC, AC) && row.operand(0).method() == AddressingMethod.SEGMENT
                            ? "a selector may be pushed as two aligned bytes"
                            : null;
            case "XSAVE", "XSAVEOPT", "XSAVEC", "XRSTOR" ->
                    isFault(expected, PF, PF)
                                    && expected.get64(Layout.CR2) != actual.get64(Layout.CR2)
                            ? "the host's state is larger"
                            : null;
            default -> null;
        };
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
        boolean faultsDiffer = isFault(expected, SS_FAULT, PF) && isFault(actual, SS_FAULT, PF);
        return !faultsDiffer
                ? null
                : sameVector(expected, actual)
                        ? "a far call that faults may have pushed its return address"
                        : "a far call with neither a target nor room on the stack: #GP, #SS or #PF";
    }

    private static String maskedMove(Case expected, Case actual) {
        return isFault(expected, PF, PF)
                ? "a page fault for bytes that MASKMOV leaves out is allowed"
                : isFault(expected, SS_FAULT, GP) && sameVector(expected, actual)
                        ? "MASKMOVQ that faults may have entered MMX mode"
                        : null;
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
