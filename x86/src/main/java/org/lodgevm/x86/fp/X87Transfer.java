package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Loads, stores, exchanges and conditional moves. @sdm 1:8.3.3
 *
 * <p>{@code ...M32} and the like take the bits of a memory operand of that width, or return those to be stored: the low
 * bits of the {@code long}. The ten-byte operands are at a host address, which for a store is the caller's scratch. Each
 * store to memory is completed by {@link X87#commit}.
 */
public final class X87Transfer {
    private X87Transfer() {}

    public static void fld(X87 x, int i) {
        x.begin();
        x.fetch(i);
        push(x);
    }

    public static void fldM32(X87 x, long bits) {
        load(x, Format.BINARY32, bits);
    }

    public static void fldM64(X87 x, long bits) {
        load(x, Format.BINARY64, bits);
    }

    public static void fldM80(X87 x, long address) {
        x.begin();
        x.fp.setExtended(get16(address + 8), get64(address));
        push(x);
    }

    public static void fildM16(X87 x, long bits) {
        loadInteger(x, (short) bits);
    }

    public static void fildM32(X87 x, long bits) {
        loadInteger(x, (int) bits);
    }

    public static void fildM64(X87 x, long bits) {
        loadInteger(x, bits);
    }

    public static void fbld(X87 x, long address) {
        x.begin();
        ExtendedIntegers.fromBcd(x.fp, get64(address), get16(address + 8));
        push(x);
    }

    private static void load(X87 x, Format format, long bits) {
        x.begin();
        FpContext c = x.fp;
        Extended.widen(c, format, bits);
        if (!x.isEmpty(-1)) {
            x.overflow();
        } else if (format.isSignaling(bits)) {
            c.flags |= FpContext.IE;
            c.significand |= Extended.QUIET;
        }
        boolean valid = !c.hasInvalid();
        x.finishPush();
        if (valid && format.isDenormal(bits)) {
            x.raiseDenormal();
        }
    }

    private static void loadInteger(X87 x, long value) {
        x.begin();
        ExtendedIntegers.fromLong(x.fp, value);
        push(x);
    }

    private static void push(X87 x) {
        if (!x.fp.hasInvalid() && !x.isEmpty(-1)) {
            x.overflow();
        }
        x.finishPush();
    }

    public static void fst(X87 x, int i) {
        x.begin();
        x.fetch(0);
        x.finish(i, 0);
    }

    public static void fstp(X87 x, int i) {
        x.begin();
        x.fetch(0);
        x.finish(i, 1);
    }

    /** The undocumented FSTP that raises nothing and stores nothing if ST(0) is empty. */
    public static void fstpnce(X87 x, int i) {
        if (!x.isEmpty(0)) {
            x.put(i, x.signExponent(0), x.significand(0));
        }
        x.pop(1);
        x.setC1(false);
    }

    public static long fstM32(X87 x) {
        return store(x, Format.BINARY32, 0);
    }

    public static long fstpM32(X87 x) {
        return store(x, Format.BINARY32, 1);
    }

    public static long fstM64(X87 x) {
        return store(x, Format.BINARY64, 0);
    }

    public static long fstpM64(X87 x) {
        return store(x, Format.BINARY64, 1);
    }

    public static void fstpM80(X87 x, long address) {
        x.begin();
        x.fetch(0);
        put64(address, x.fp.significand);
        put16(address + 8, x.fp.signExponent);
        x.finishStore(1);
    }

    public static long fistM16(X87 x) {
        return storeInteger(x, 16, x.fp.rounding, 0);
    }

    public static long fistpM16(X87 x) {
        return storeInteger(x, 16, x.fp.rounding, 1);
    }

    public static long fistM32(X87 x) {
        return storeInteger(x, 32, x.fp.rounding, 0);
    }

    public static long fistpM32(X87 x) {
        return storeInteger(x, 32, x.fp.rounding, 1);
    }

    public static long fistpM64(X87 x) {
        return storeInteger(x, 64, x.fp.rounding, 1);
    }

    public static long fisttpM16(X87 x) {
        return storeInteger(x, 16, FpContext.TRUNCATE, 1);
    }

    public static long fisttpM32(X87 x) {
        return storeInteger(x, 32, FpContext.TRUNCATE, 1);
    }

    public static long fisttpM64(X87 x) {
        return storeInteger(x, 64, FpContext.TRUNCATE, 1);
    }

    public static void fbstp(X87 x, long address) {
        x.begin();
        FpContext c = x.fp;
        if (x.fetch(0)) {
            ExtendedIntegers.toBcd(c, c.signExponent, c.significand);
        } else {
            c.setExtended(ExtendedIntegers.BCD_INDEFINITE_TOP, ExtendedIntegers.BCD_INDEFINITE);
        }
        put64(address, c.significand);
        put16(address + 8, c.signExponent);
        x.finishStore(1);
    }

    private static long store(X87 x, Format format, int pops) {
        x.begin();
        x.fetch(0);
        long bits = x.isEmpty(0) ? format.indefinite : Extended.narrow(x.fp, format, x.fp.signExponent, x.fp.significand);
        x.finishStore(pops);
        return bits;
    }

    private static long storeInteger(X87 x, int bits, int rounding, int pops) {
        x.begin();
        x.fetch(0);
        long value = ExtendedIntegers.toInteger(x.fp, x.fp.signExponent, x.fp.significand, bits, rounding);
        x.finishStore(pops);
        return value;
    }

    public static void fxch(X87 x, int i) {
        x.begin();
        boolean faults = x.isEmpty(0) || x.isEmpty(i);
        if (faults) {
            x.underflow();
        }
        if (!x.fp.hasNoResult()) {
            x.fillEmpty(0);
            x.fillEmpty(i);
            int signExponent = x.signExponent(0);
            long significand = x.significand(0);
            x.put(0, x.signExponent(i), x.significand(i));
            x.put(i, signExponent, significand);
        }
        x.raise();
    }

    /** FCMOVcc; the caller has evaluated the condition. */
    public static void fcmov(X87 x, int i, boolean condition) {
        x.begin();
        if (x.isEmpty(0) || x.isEmpty(i)) {
            x.underflow();
            x.finish(0, 0);
        } else if (condition) {
            x.put(0, x.signExponent(i), x.significand(i));
        }
    }

    public static void ffree(X87 x, int i) {
        x.tag(i, false);
        x.setC1(false);
    }

    public static void ffreep(X87 x, int i) {
        x.tag(i, false);
        x.setC1(false);
        x.pop(1);
    }

    public static void fincstp(X87 x) {
        x.top = x.top + 1 & 7;
        x.setC1(false);
    }

    public static void fdecstp(X87 x) {
        x.top = x.top - 1 & 7;
        x.setC1(false);
    }
}
