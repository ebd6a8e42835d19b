package org.lodgevm.x86.simd;

import java.util.List;

/**
 * The classes that hold the meanings of instructions: each public static method of theirs is one, named as the mnemonic in lower case.
 * Within a list a name with its parameter types is unique. What binds methods to instructions, or tests them, starts here.
 */
public final class Simd {

    /** Instructions whose destination, or only operand, is an XMM register. */
    public static final List<Class<?>> XMM = List.of(
            XmmMove.class,
            XmmArithmetic.class,
            XmmMultiply.class,
            XmmCompare.class,
            XmmLogic.class,
            XmmShift.class,
            XmmPack.class,
            XmmExtend.class,
            XmmShuffle.class,
            XmmBlend.class,
            StringCompare.class,
            CarrylessMultiply.class,
            Aes.class,
            Sha1.class,
            Sha256.class);

    /** The same of those that only a VEX prefix encodes. All of both lists serve YMM registers as well, half by half. */
    public static final List<Class<?>> VEX = List.of(XmmVariable.class, XmmBroadcast.class);

    /** Instructions on whole YMM registers. */
    public static final List<Class<?>> YMM = List.of(YmmPermute.class);

    /** Instructions whose destination, or only operand, is an MMX register. */
    public static final List<Class<?>> MMX = List.of(MmxArithmetic.class, MmxLogic.class, MmxShuffle.class);

    /** Instructions on general-purpose registers that are not one expression. */
    public static final List<Class<?>> GENERAL = List.of(Crc32.class, BitGather.class);

    private Simd() {}
}
