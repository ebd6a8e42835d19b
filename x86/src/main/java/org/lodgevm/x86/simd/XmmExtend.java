package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Widening of the lowest elements of the source into all of an XMM register.
 *
 * @sdm 2B PMOVSX, PMOVZX
 */
public final class XmmExtend {

    private XmmExtend() {}

    public static void pmovsxbw(long dst, long src) {
        long bytes = get64(src);
        put64(dst, PackedOrder.pmovsxbw(bytes));
        put64(dst + 8, PackedOrder.pmovsxbw(bytes >>> 32));
    }

    public static void pmovsxbd(long dst, long src) {
        long low = dwords((byte) get8(src), (byte) get8(src + 1));
        long high = dwords((byte) get8(src + 2), (byte) get8(src + 3));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void pmovsxbq(long dst, long src) {
        long high = (byte) get8(src + 1);
        put64(dst, (byte) get8(src));
        put64(dst + 8, high);
    }

    public static void pmovsxwd(long dst, long src) {
        long low = dwords((short) get16(src), (short) get16(src + 2));
        long high = dwords((short) get16(src + 4), (short) get16(src + 6));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void pmovsxwq(long dst, long src) {
        long high = (short) get16(src + 2);
        put64(dst, (short) get16(src));
        put64(dst + 8, high);
    }

    public static void pmovsxdq(long dst, long src) {
        long high = get32(src + 4);
        put64(dst, get32(src));
        put64(dst + 8, high);
    }

    public static void pmovzxbw(long dst, long src) {
        long bytes = get64(src);
        put64(dst, PackedOrder.pmovzxbw(bytes));
        put64(dst + 8, PackedOrder.pmovzxbw(bytes >>> 32));
    }

    public static void pmovzxbd(long dst, long src) {
        long low = dwords(get8(src), get8(src + 1));
        long high = dwords(get8(src + 2), get8(src + 3));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void pmovzxbq(long dst, long src) {
        long high = get8(src + 1);
        put64(dst, get8(src));
        put64(dst + 8, high);
    }

    public static void pmovzxwd(long dst, long src) {
        long low = dwords(get16(src), get16(src + 2));
        long high = dwords(get16(src + 4), get16(src + 6));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void pmovzxwq(long dst, long src) {
        long high = get16(src + 2);
        put64(dst, get16(src));
        put64(dst + 8, high);
    }

    public static void pmovzxdq(long dst, long src) {
        long high = get32(src + 4) & 0xFFFF_FFFFL;
        put64(dst, get32(src) & 0xFFFF_FFFFL);
        put64(dst + 8, high);
    }

    private static long dwords(int low, int high) {
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }
}
