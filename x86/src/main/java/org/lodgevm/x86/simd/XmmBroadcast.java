package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * The lowest element of the source, everywhere in sixteen bytes.
 *
 * @sdm 2C VBROADCAST, VPBROADCAST
 */
public final class XmmBroadcast {

    private XmmBroadcast() {}

    public static void vpbroadcastb(long dst, long src) {
        fill(dst, get8(src) * 0x0101_0101_0101_0101L);
    }

    public static void vpbroadcastw(long dst, long src) {
        fill(dst, get16(src) * 0x0001_0001_0001_0001L);
    }

    public static void vpbroadcastd(long dst, long src) {
        fill(dst, (get32(src) & 0xFFFF_FFFFL) * 0x1_0000_0001L);
    }

    public static void vpbroadcastq(long dst, long src) {
        fill(dst, get64(src));
    }

    public static void vbroadcastss(long dst, long src) {
        vpbroadcastd(dst, src);
    }

    public static void vbroadcastsd(long dst, long src) {
        vpbroadcastq(dst, src);
    }

    public static void vbroadcastf128(long dst, long src) {
        XmmMove.movaps(dst, src);
    }

    public static void vbroadcasti128(long dst, long src) {
        XmmMove.movaps(dst, src);
    }

    private static void fill(long dst, long each) {
        put64(dst, each);
        put64(dst + 8, each);
    }
}
