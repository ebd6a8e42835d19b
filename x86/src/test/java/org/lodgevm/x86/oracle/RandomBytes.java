package org.lodgevm.x86.oracle;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Row;

/**
 * Makes cases of random bytes: does the decoder see the instruction that the real CPU sees, of the
 * same length, and none where that sees none? Branches are left out, as what they would lead to is
 * no case. All registers point into the window, so that random addresses lie there now and then.
 */
final class RandomBytes implements CaseSource {
    private static final int LENGTH = 15;
    private static final int[] PREFIXES = {
        0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65
    };
    private static final int REX = 0x40;
    private static final int ESCAPE = 0x0F;
    private static final int VEX = 0xC4;

    /** VEX.vvvv is 1111 in a prefix of three bytes. */
    private static final int NO_REGISTER = 0x78;

    private final Predicate<Row> wanted;
    private final Decoder decoder = new Decoder();
    private final Instruction decoded = new Instruction();

    RandomBytes(Predicate<Row> wanted) {
        this.wanted =
                row ->
                        Exclusions.reason(row) == null
                                && !row.has(Attribute.JUMP)
                                && wanted.test(row);
    }

    @Override
    public void fill(Case target, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        while (!attempt(target, new Numbers(random))) {
            // other bytes
        }
    }

    private boolean attempt(Case target, Numbers numbers) {
        Mode mode = Mode.values()[numbers.below(Mode.values().length)];
        byte[] code = code(numbers, mode == Mode.BITS_64);
        Outcome outcome = decoder.decode(code, 0, LENGTH, mode.size(), decoded);
        if (outcome == Outcome.DECODED) {
            code = Arrays.copyOf(code, decoded.length());
        }
        StateGenerator.fill(new Draft(target, mode, null, numbers));
        target.put64(Layout.SS, Linux.DATA);
        long base = mode == Mode.BITS_64 ? 0 : Descriptors.base(target.get16(Layout.DS));
        for (int i = 0; i < (mode == Mode.BITS_64 ? 16 : 8); i++) {
            if (i != Draft.RSP && !numbers.oneIn(4)) {
                target.gpr(
                        i,
                        Layout.DATA
                                + target.get32(Layout.WINDOW_AT)
                                + 16L * numbers.below(48)
                                - base);
            }
        }
        Cases.stackPointer(
                target,
                Layout.DATA + target.get32(Layout.WINDOW_AT) + 16L * (16 + numbers.below(32)));
        if (outcome == Outcome.DECODED
                && (!wanted.test(decoded.row()) || Exclusions.applies(decoded, code, target))) {
            return false;
        }
        Cases.code(target, code, Cases.CODE_AT);
        return true;
    }

    private static byte[] code(Numbers numbers, boolean rex) {
        byte[] code = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            code[i] = (byte) numbers.below(256);
        }
        int at = 0;
        while (numbers.oneIn(2) && at < 4) {
            code[at++] = (byte) numbers.of(PREFIXES);
        }
        if (numbers.oneIn(4)) {
            code[at] = (byte) (VEX + numbers.below(2));
            if (numbers.oneIn(2)) {
                code[at + 2] |= NO_REGISTER;
            }
            return code;
        }
        if (rex && numbers.oneIn(2)) {
            code[at++] = (byte) (REX + numbers.below(16));
        }
        if (!numbers.oneIn(3)) {
            code[at++] = ESCAPE;
            if (numbers.oneIn(3)) {
                code[at] = (byte) numbers.of(0x38, 0x3A);
            }
        }
        return code;
    }
}
