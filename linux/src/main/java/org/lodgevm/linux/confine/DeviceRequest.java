package org.lodgevm.linux.confine;

/**
 * What a confined process may ask of devices and sockets, beside all that KVM has. Terminals can be looked at and set, but not typed on; of
 * network interfaces Java wants to know what there are. Source: Linux's include/uapi/asm-generic/ioctls.h, linux/fs.h and linux/sockios.h.
 */
enum DeviceRequest {
    TCGETS(0x5401),
    TCSETS(0x5402),
    TCSETSW(0x5403),
    TCSETSF(0x5404),
    TIOCGPGRP(0x540f),
    TIOCGWINSZ(0x5413),
    FIONREAD(0x541b),
    FIONBIO(0x5421),
    FIOCLEX(0x5451),
    BLKSSZGET(0x1268),
    BLKDISCARD(0x1277),
    BLKZEROOUT(0x127f),
    BLKGETSIZE64(0x8008_1272),
    SIOCGIFNAME(0x8910),
    SIOCGIFCONF(0x8912),
    SIOCGIFFLAGS(0x8913),
    SIOCGIFADDR(0x8915),
    SIOCGIFBRDADDR(0x8919),
    SIOCGIFNETMASK(0x891b),
    SIOCGIFMTU(0x8921),
    SIOCGIFHWADDR(0x8927),
    SIOCGIFINDEX(0x8933);

    private final int number;

    DeviceRequest(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
