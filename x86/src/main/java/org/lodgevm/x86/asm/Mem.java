package org.lodgevm.x86.asm;

/**
 * A memory operand: {@code segment:[base + index*scale + disp + label]}, each part optional.
 *
 * <p>The address size follows the registers; without any it is the mode's own. A label alone is
 * addressed relative to RIP in 64-bit mode; elsewhere, or beside a register, it counts as a
 * displacement, with its absolute address.
 *
 * @param bits the width of what lies there, 0 when the other operand tells
 * @param segment an override, or null
 * @param base a 16, 32 or 64-bit register, or null
 * @param index as {@code base}, of the same width
 * @param scale 1, 2, 4 or 8
 * @param disp the displacement
 * @param label a place in the code to which {@code disp} is added, or null
 */
public record Mem(int bits, Sreg segment, Gpr base, Gpr index, int scale, long disp, Label label)
        implements GprOrMem, MmxOrMem, XmmOrMem {
    public Mem {
        if (Integer.bitCount(scale) != 1 || scale < 1 || scale > 8) {
            throw new AssemblyException("an index cannot be scaled by " + scale);
        }
        if (base != null && index != null && base.bits() != index.bits()) {
            throw new AssemblyException(
                    "base " + base + " and index " + index + " differ in width");
        }
    }

    /** {@code [base]} */
    public static Mem mem(Gpr base) {
        return mem(base, 0);
    }

    /** {@code [base + disp]} */
    public static Mem mem(Gpr base, long disp) {
        return new Mem(0, null, base, null, 1, disp, null);
    }

    /** {@code [base + index*scale + disp]}; {@code base} may be null. */
    public static Mem mem(Gpr base, Gpr index, int scale, long disp) {
        return new Mem(0, null, base, index, scale, disp, null);
    }

    /** {@code [disp]} */
    public static Mem mem(long disp) {
        return mem((Gpr) null, disp);
    }

    /** {@code [label]} */
    public static Mem mem(Label label) {
        return mem(label, null, 1);
    }

    /** {@code [label + index*scale]} */
    public static Mem mem(Label label, Gpr index, int scale) {
        return new Mem(0, null, null, index, scale, 0, label);
    }

    public static Mem mem8(Gpr base, long disp) {
        return mem(base, disp).bits(8);
    }

    public static Mem mem16(Gpr base, long disp) {
        return mem(base, disp).bits(16);
    }

    public static Mem mem32(Gpr base, long disp) {
        return mem(base, disp).bits(32);
    }

    public static Mem mem64(Gpr base, long disp) {
        return mem(base, disp).bits(64);
    }

    /** The same place, holding a value of that width. */
    public Mem bits(int width) {
        return new Mem(width, segment, base, index, scale, disp, label);
    }

    /** The same place with a segment override. */
    public Mem in(Sreg override) {
        return new Mem(bits, override, base, index, scale, disp, label);
    }

    /** The place that many bytes further. */
    public Mem plus(long bytes) {
        return new Mem(bits, segment, base, index, scale, disp + bytes, label);
    }

    /** The width of the registers that make the address, 0 without any. */
    int addressBits() {
        return base != null ? base.bits() : index != null ? index.bits() : 0;
    }
}
