package org.lodgevm.x86.isa;

import java.util.List;

/** Reads the columns of a row that say how it is encoded. Every method reports malformed text by an IllegalArgumentException. */
final class EncodingParser {
    private static final String REGISTER_IN_OPCODE = "+r";

    private EncodingParser() {}

    static Encoding parse(String prefix, String opcode, List<Operand> operands) {
        int slash = opcode.indexOf('/');
        int colon = opcode.indexOf(':');
        boolean plus = opcode.endsWith(REGISTER_IN_OPCODE);
        int end = slash >= 0 ? slash : colon >= 0 ? colon : plus ? opcode.length() - 2 : opcode.length();
        int reg = -1;
        int rm = -1;
        if (slash >= 0) {
            reg = digit(opcode, slash + 1, 8);
        } else if (colon >= 0) {
            int modrm = hex(opcode, colon + 1, opcode.length());
            reg = modrm >> 3 & 7;
            rm = modrm & 7;
        }
        boolean registerOnly = rm >= 0 || slash >= 0 && opcode.endsWith("r");
        Encoding.Forms forms = forms(operands, reg >= 0, registerOnly);
        int map = map(opcode, end);
        int last = hex(opcode, end - 2, end);
        boolean vex = prefix.startsWith("VEX.");
        int w = vex ? bit(prefix, prefix.lastIndexOf('.') + 1) : legacyW(prefix);
        int l = vex ? bit(prefix, 4) : -1;
        return new Encoding(vex, map, last, plus, mandatory(prefix, vex), w, l, reg, rm, forms);
    }

    /** The suffix {@code .W0} or {@code .W1} of a prefix column without VEX. */
    private static int legacyW(String prefix) {
        int dot = prefix.indexOf('.');
        return dot < 0 ? -1 : bit(prefix, dot + 1);
    }

    /** A bit of a VEX prefix, such as {@code W1}, or -1 for {@code WIG} and {@code L*}. */
    private static int bit(String prefix, int start) {
        boolean any = prefix.startsWith("IG", start + 1) || prefix.startsWith("*", start + 1);
        return any ? -1 : digit(prefix, start + 1, 2);
    }

    private static MandatoryPrefix mandatory(String prefix, boolean vex) {
        int start = vex ? prefix.indexOf('.', 4) + 1 : 0;
        int dot = prefix.indexOf('.', start);
        String name = prefix.substring(start, dot < 0 ? prefix.length() : dot);
        return switch (name) {
            case "-" -> MandatoryPrefix.ANY;
            case "NFX" -> MandatoryPrefix.NFX;
            case "NP" -> MandatoryPrefix.NP;
            case "66" -> MandatoryPrefix.P66;
            case "F3" -> MandatoryPrefix.PF3;
            case "F2" -> MandatoryPrefix.PF2;
            default -> throw new IllegalArgumentException("unknown prefix: " + prefix);
        };
    }

    private static int map(String opcode, int end) {
        if (end == 2) {
            return 0;
        }
        if (end == 4 && opcode.startsWith("0F")) {
            return 1;
        }
        if (end == 6 && opcode.startsWith("0F38")) {
            return 2;
        }
        if (end == 6 && opcode.startsWith("0F3A")) {
            return 3;
        }
        throw new IllegalArgumentException("malformed opcode: " + opcode);
    }

    private static Encoding.Forms forms(List<Operand> operands, boolean hasReg, boolean registerOnly) {
        boolean modrm = hasReg;
        boolean register = true;
        boolean memory = !registerOnly;
        for (Operand operand : operands) {
            AddressingMethod method = operand.method();
            if (method == AddressingMethod.C || method == AddressingMethod.D) {
                return Encoding.Forms.REGISTER_BY_ANY_MOD;
            }
            modrm |= method.needsModrm();
            register &= method.allowsRegister();
            memory &= method.allowsMemory();
        }
        if (!modrm) {
            return Encoding.Forms.NO_MODRM;
        }
        if (!register) {
            return Encoding.Forms.MEMORY;
        }
        return memory ? Encoding.Forms.REGISTER_OR_MEMORY : Encoding.Forms.REGISTER;
    }

    private static int hex(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            value = value << 4 | digit(text, i, 16);
        }
        return value;
    }

    private static int digit(String text, int index, int radix) {
        int digit = index < text.length() ? Character.digit(text.charAt(index), radix) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException("malformed number: " + text);
        }
        return digit;
    }
}
