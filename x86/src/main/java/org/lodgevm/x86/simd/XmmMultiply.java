package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Packed integer multiplication, sums of absolute differences and the horizontal minimum in XMM registers.
 *
 * @sdm 2B PMULLW, PMULLD/PMULLQ, PMULDQ, PMADDWD, PMADDUBSW, PSADBW, PHMINPOSUW
 * @sdm 2B MPSADBW
 */
public final class XmmMultiply {

    private XmmMultiply() {}

    public static void pmullw(long dst, long src) {
        put64(dst, PackedMultiply.pmullw(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmullw(get64(dst + 8), get64(src + 8)));
    }

    public static void pmulhw(long dst, long src) {
        put64(dst, PackedMultiply.pmulhw(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmulhw(get64(dst + 8), get64(src + 8)));
    }

    public static void pmulhuw(long dst, long src) {
        put64(dst, PackedMultiply.pmulhuw(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmulhuw(get64(dst + 8), get64(src + 8)));
    }

    public static void pmulhrsw(long dst, long src) {
        put64(dst, PackedMultiply.pmulhrsw(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmulhrsw(get64(dst + 8), get64(src + 8)));
    }

    public static void pmuludq(long dst, long src) {
        put64(dst, PackedMultiply.pmuludq(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmuludq(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaddwd(long dst, long src) {
        put64(dst, PackedMultiply.pmaddwd(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmaddwd(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaddubsw(long dst, long src) {
        put64(dst, PackedMultiply.pmaddubsw(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmaddubsw(get64(dst + 8), get64(src + 8)));
    }

    public static void psadbw(long dst, long src) {
        put64(dst, PackedMultiply.psadbw(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.psadbw(get64(dst + 8), get64(src + 8)));
    }

    public static void pmuldq(long dst, long src) {
        put64(dst, PackedMultiply.pmuldq(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmuldq(get64(dst + 8), get64(src + 8)));
    }

    public static void pmulld(long dst, long src) {
        put64(dst, PackedMultiply.pmulld(get64(dst), get64(src)));
        put64(dst + 8, PackedMultiply.pmulld(get64(dst + 8), get64(src + 8)));
    }

    public static void mpsadbw(long dst, long src, int imm) {
        long low = get64(dst);
        long high = get64(dst + 8);
        long block = get32(src + 4 * (imm & 3)) & 0xFFFF_FFFFL;
        int offset = imm & 4;
        put64(dst, differences(low, high, offset, block));
        put64(dst + 8, differences(low, high, offset + 4, block));
    }

    /** Four words: the distances of {@code block} from the four bytes at {@code offset} and at the three bytes after it. */
    private static long differences(long low, long high, int offset, long block) {
        long words = 0;
        for (int i = 0; i < 4; i++) {
            int at = offset + i;
            long window = at < 8 ? PackedShift.align(low, high, at) : high >>> 8 * (at - 8);
            words |= PackedMultiply.psadbw(window & 0xFFFF_FFFFL, block) << 16 * i;
        }
        return words;
    }

    public static void phminposuw(long dst, long src) {
        long minimum = get16(src);
        long index = 0;
        for (int i = 1; i < 8; i++) {
            int word = get16(src + 2 * i);
            if (word < minimum) {
                minimum = word;
                index = i;
            }
        }
        put64(dst, index << 16 | minimum);
        put64(dst + 8, 0);
    }
}
