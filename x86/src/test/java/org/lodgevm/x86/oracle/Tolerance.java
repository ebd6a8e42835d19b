package org.lodgevm.x86.oracle;

import java.util.Set;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/**
 * What need not be the same in two results of a case: what the manuals leave undefined, and
 * approximations.
 */
final class Tolerance {
    private static final int MAX_LENGTH = 15;
    private static final int OF = 1 << 11;
    private static final int CF = 1;
    private static final int AF = 1 << 4;
    private static final long RF = 1 << 16;
    private static final int DB = 1;
    private static final int C1 = 1 << 9;
    private static final long LOW_HALF = 0xFFFF_FFFFL;
    private static final int NULL_SELECTORS = 3;

    private static final Set<String> SHIFTS =
            Set.of("ROL", "ROR", "RCL", "RCR", "SHL", "SHR", "SAR", "SHLD", "SHRD");
    private static final Set<String> TRANSCENDENTAL =
            Set.of("F2XM1", "FYL2X", "FYL2XP1", "FPTAN", "FPATAN", "FSIN", "FCOS", "FSINCOS");
    private static final Set<String> APPROXIMATE =
            Set.of(
                    "RCPPS",
                    "RCPSS",
                    "RSQRTPS",
                    "RSQRTSS",
                    "VRCPPS",
                    "VRCPSS",
                    "VRSQRTPS",
                    "VRSQRTSS");

    /** Twice the error that the manual allows, 1.5 * 2^-12, as both may have it. */
    private static final double APPROXIMATION = 3.0 / 4096;

    private final Decoder decoder = new Decoder();
    private final Instruction in = new Instruction();
    private Instruction decoded;
    private Case input;
    private boolean sequence;
    private boolean faulted;
    private int vector;

    /** To be called first for each case. */
    void look(Case from, Case oracle) {
        input = from;
        int at = from.get32(Layout.INSTRUCTION_AT);
        sequence = at == Layout.NO_INSTRUCTION;
        decoded = !sequence && decode(from.bytes(Layout.CODE_COPY + at, MAX_LENGTH)) ? in : null;
        vector = oracle.get32(Layout.VECTOR);
        faulted =
                oracle.get32(Layout.OUTCOME) == Layout.FAULTED
                        && oracle.get64(Layout.RIP) == from.get64(Layout.RIP) + at;
    }

    private boolean decode(byte[] code) {
        return decoder.decode(code, 0, MAX_LENGTH, Cases.mode(input).size(), in) == Outcome.DECODED;
    }

    /** The instruction under test, or null if it is none. */
    Instruction instruction() {
        return decoded;
    }

    private Row row() {
        return decoded.row();
    }

    private boolean is(Set<String> operations) {
        return decoded != null && !faulted && operations.contains(row().operation());
    }

    // --- integers

    /**
     * A fault leaves the flags alone; otherwise the table tells which ones count. Between the
     * elements of a string Intel's processors save RF as set, AMD's as clear.
     */
    long comparedFlags() {
        if (sequence) {
            return ~AF; // logic leaves it undefined
        }
        if (decoded == null || faulted) {
            boolean stepped =
                    decoded != null
                            && vector == DB
                            && row().has(Attribute.REP) | row().has(Attribute.REPZ);
            return stepped ? ~RF : -1;
        }
        if (row().operation().equals("IRET")) {
            return ~RF; // the interpreter keeps what IRET loads only while there are breakpoints
            // that it matters to
        }
        return ~(is(SHIFTS) ? undefinedByShift() : row().flags().undefined());
    }

    private long undefinedByShift() {
        int undefined = row().flags().undefined();
        int count = shiftCount();
        if (count == 0) {
            return 0;
        }
        int width = 8 * decoded.width(0);
        if (count > width && row().operation().length() > 3) {
            return row().flags().written() | undefined; // SHLD and SHRD by more than the width
        }
        return count == 1 && width > 1
                ? undefined & ~OF & ~CF
                : count < width ? undefined & ~CF : undefined;
    }

    private int shiftCount() {
        int last = row().operands().size() - 1;
        Operand operand = row().operand(last);
        long count =
                operand.method() == AddressingMethod.CONSTANT
                        ? 1
                        : operand.method() == AddressingMethod.I ? decoded.imm() : input.gpr(1);
        return (int) count & (decoded.width(0) == 8 ? 63 : 31);
    }

    /** Which bits of a general register count. */
    long comparedBits(int register) {
        if (decoded == null || faulted) {
            return -1;
        }
        if (register == Draft.RSP
                && row().operation().equals("RETF")
                && Place.is16BitStack(input)) {
            return 0xFFFF; // AMD's processors carry out of SP when they add the immediate
        }
        return switch (row().operation()) {
            // by way of other code upper halves may be lost
            case "JMPF", "CALLF", "RETF", "IRET" -> LOW_HALF;
            // of 16 bits shifted by more, nothing is defined
            case "SHLD", "SHRD" ->
                    decoded.width(0) == 2 && shiftCount() > 16 && isDestination(register)
                            ? ~0xFFFFL
                            : -1;
            // without a bit to be found the upper half of a 32-bit destination is cleared or kept
            case "BSF", "BSR" -> decoded.width(0) == 4 && isDestination(register) ? LOW_HALF : -1;
            default -> -1;
        };
    }

    private boolean isDestination(int register) {
        return decoded.register(0) == register;
    }

    /**
     * IRET to ring 3 clears selectors that are null with an RPL: after a fault they are not the
     * case's own any more.
     */
    int comparedSelector(int oracle, int tested) {
        boolean afterFault = !(oracle > NULL_SELECTORS || tested > NULL_SELECTORS);
        return afterFault ? ~NULL_SELECTORS : -1;
    }

    // --- floating point

    /** C1 tells how the result was rounded, which follows from the approximation. */
    int comparedStatus() {
        return is(TRANSCENDENTAL) ? ~C1 : -1;
    }

    /** Transcendental functions may be a unit in the last place apart. */
    boolean allowsStack(Case expected, Case actual, int at) {
        if (!is(TRANSCENDENTAL)) {
            return false;
        }
        int exponent = expected.get16(at + 8);
        int other = actual.get16(at + 8);
        long significand = expected.get64(at);
        long otherSignificand = actual.get64(at);
        if (exponent == other) {
            return Math.abs(significand - otherSignificand) <= 1;
        }
        return exponent == other + 1 && significand == Long.MIN_VALUE && otherSignificand == -1
                || other == exponent + 1 && otherSignificand == Long.MIN_VALUE && significand == -1;
    }

    /** Approximate reciprocals, of which those about to be denormal may be zero. */
    boolean allowsVector(Case expected, Case actual, int at) {
        if (!is(APPROXIMATE)) {
            return false;
        }
        for (int lane = 0; lane < 16; lane += 4) {
            int oracle = expected.get32(at + lane);
            int tested = actual.get32(at + lane);
            double exact = Float.intBitsToFloat(oracle);
            double difference = Float.intBitsToFloat(tested) - exact;
            double allowed = Math.max(Math.abs(exact) * APPROXIMATION, Float.MIN_NORMAL);
            if (oracle != tested && !(Math.abs(difference) <= allowed)) {
                return false;
            }
        }
        return true;
    }

    // --- memory

    /** Which bits of eight bytes of the window count. */
    long comparedMemory(int offset) {
        if (decoded == null) {
            return -1;
        }
        long first = Layout.DATA + input.get32(Layout.WINDOW_AT) + offset;
        long mask = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            mask |= isUndefined(first + i) ? 0 : 0xFFL << 8 * i;
        }
        return mask;
    }

    private boolean isUndefined(long linear) {
        return switch (row().operation()) {
            case "PUSH" ->
                    isSegment()
                            && within(
                                    linear,
                                    Place.stack(input) - decoded.opSize() + 2,
                                    decoded.opSize() - 2);
            case "FNSTENV", "FNSAVE" -> {
                int pointers = decoded.opSize() == 2 ? 6 : 12;
                yield within(linear, operand() + pointers, decoded.opSize() == 2 ? 8 : 16);
            }
            case "FXSAVE", "XSAVE", "XSAVEOPT", "XSAVEC" ->
                    within(linear, operand() + FxArea.FOP, FxArea.MXCSR - FxArea.FOP)
                            || within(linear, operand() + FxArea.MXCSR_MASK, 4);
            case "SHLD", "SHRD" ->
                    decoded.width(0) == 2 && shiftCount() > 16 && within(linear, operand(), 2);
            default -> false;
        };
    }

    /** A selector pushed with a wider operand size: the rest is zero or left as it was. */
    private boolean isSegment() {
        return row().operand(0).method() == AddressingMethod.SEGMENT;
    }

    /** The window may have been reached through either of its two mappings. */
    private long operand() {
        long linear = Place.linear(decoded, input);
        return Long.compareUnsigned(linear, Layout.HIGH_DATA - Layout.PAGE) >= 0
                ? linear - Layout.HIGH_DATA + Layout.DATA
                : linear;
    }

    private static boolean within(long linear, long start, long bytes) {
        return linear >= start && linear < start + bytes;
    }
}
