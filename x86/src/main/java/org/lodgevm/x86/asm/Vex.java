package org.lodgevm.x86.asm;

/**
 * The VEX prefix, in two bytes where they suffice.
 *
 * @sdm vol. 2, 2.3.5
 */
final class Vex {
    private static final int TWO_BYTES = 0xC5;
    private static final int THREE_BYTES = 0xC4;
    private static final int MAP_0F = 1;

    private Vex() {}

    /** Appends the prefix and the opcode byte; {@code rxb} has the layout of REX. */
    static void append(CodeBuffer code, boolean w, int length, int opcode, int rxb, int vvvv) {
        int map = map(opcode);
        int pp = pp(opcode >>> (map == MAP_0F ? 16 : 24));
        int tail = (~vvvv & 15) << 3 | length << 2 | pp;
        if (map == MAP_0F && !w && (rxb & 3) == 0) {
            code.append(TWO_BYTES, 1);
            code.append((~rxb & 4) << 5 | tail, 1);
        } else {
            code.append(THREE_BYTES, 1);
            code.append((~rxb & 7) << 5 | map, 1);
            code.append((w ? 0x80 : 0) | tail, 1);
        }
        code.append(opcode, 1);
    }

    private static int map(int opcode) {
        return switch (opcode >>> 8 & 0xFFFF) {
            case 0x0F38 -> 2;
            case 0x0F3A -> 3;
            default -> {
                if ((opcode >>> 8 & 0xFF) != 0x0F) {
                    throw new AssemblyException(
                            "no VEX map for opcode " + Integer.toHexString(opcode));
                }
                yield MAP_0F;
            }
        };
    }

    private static int pp(int prefix) {
        return switch (prefix) {
            case 0 -> 0;
            case 0x66 -> 1;
            case 0xF3 -> 2;
            case 0xF2 -> 3;
            default ->
                    throw new AssemblyException(
                            "no mandatory prefix: " + Integer.toHexString(prefix));
        };
    }
}
