package org.lodgevm.x86.isa;

/**
 * The bytes by which a row is recognised.
 *
 * @param vex whether a VEX prefix is required (else it is not allowed)
 * @param map opcode map: 0 for one-byte opcodes, 1 for 0F, 2 for 0F 38, 3 for 0F 3A
 * @param opcode last opcode byte; its low three bits are zero when they name a register ({@link #registerInOpcode})
 * @param registerInOpcode whether the low three bits of the opcode name a register
 * @param prefix which of 66, F3 and F2 are part of the encoding
 * @param w required REX.W or VEX.W, -1 when both are allowed
 * @param l required VEX.L, -1 when both are allowed
 * @param reg required ModRM.reg, -1 for any
 * @param rm required ModRM.rm, together with ModRM.mod = 3; -1 for any
 * @param forms which values of ModRM.mod are allowed
 */
public record Encoding(
        boolean vex,
        int map,
        int opcode,
        boolean registerInOpcode,
        MandatoryPrefix prefix,
        int w,
        int l,
        int reg,
        int rm,
        Forms forms) {

    /** What the ModRM byte may name, or that there is none. */
    public enum Forms {
        NO_MODRM,
        REGISTER,
        /** A register whatever ModRM.mod says: moves to and from control and debug registers. */
        REGISTER_BY_ANY_MOD,
        MEMORY,
        REGISTER_OR_MEMORY;

        public boolean allowsRegister() {
            return this != NO_MODRM && this != MEMORY;
        }

        public boolean allowsMemory() {
            return this == MEMORY || this == REGISTER_OR_MEMORY;
        }
    }

    public boolean hasModrm() {
        return forms != Forms.NO_MODRM;
    }

    /** Whether every ModRM byte, or the lack of one, suits this row. */
    public boolean anyModrm() {
        return forms == Forms.NO_MODRM || reg < 0 && forms != Forms.REGISTER && forms != Forms.MEMORY;
    }

    /** How many ways this row is narrowed down: where two rows fit, the narrower one is meant. */
    public int specificity() {
        int narrowings = registerInOpcode ? 0 : 1;
        narrowings += prefix == MandatoryPrefix.ANY ? 0 : 1;
        narrowings += w >= 0 ? 1 : 0;
        narrowings += reg >= 0 ? 1 : 0;
        narrowings += rm >= 0 ? 1 : 0;
        return narrowings;
    }

    /** The same with VEX.L narrowed down. */
    Encoding withL(int length) {
        return new Encoding(vex, map, opcode, registerInOpcode, prefix, w, length, reg, rm, forms);
    }

    /** Whether the given ModRM byte suits this row. */
    public boolean matchesModrm(int modrm) {
        boolean register = modrm >= 0xC0 || forms == Forms.REGISTER_BY_ANY_MOD;
        return (register ? forms.allowsRegister() : forms.allowsMemory())
                && (reg < 0 || reg == (modrm >> 3 & 7))
                && (rm < 0 || rm == (modrm & 7));
    }
}
