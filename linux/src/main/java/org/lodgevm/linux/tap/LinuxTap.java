package org.lodgevm.linux.tap;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.HostCallException;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.net.wire.TapAccess;
import org.lodgevm.net.wire.Wire;

/** Opens TAP interfaces. Source: Linux's include/uapi/linux/if_tun.h and if.h. */
public final class LinuxTap implements TapAccess {
    private static final String DEVICE = "/dev/net/tun";

    /** {@code _IOW('T', 202, int)} */
    private static final long TUNSETIFF = 0x4004_54ca;

    private static final int IFF_TAP = 2;
    private static final int IFF_NO_PI = 0x1000;

    /** {@code struct ifreq}: a name that ends with a zero, then, here, flags. */
    private static final int IFREQ_BYTES = 40;

    private static final int IFNAMSIZ = 16;

    @Override
    public boolean isAvailable() {
        return LibC.unavailable() == null;
    }

    @Override
    public Wire open(String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length >= IFNAMSIZ || name.contains("/") || name.contains("%")) {
            throw new IOException("'%s' cannot be the name of a network interface: 1 to %d bytes, no slash, no percent sign".formatted(name, IFNAMSIZ - 1));
        }
        int descriptor;
        try {
            descriptor = LibC.open(DEVICE, LibC.O_RDWR | LibC.O_NONBLOCK);
        } catch (HostCallException e) {
            throw new IOException("the TAP interface %s cannot be used: %s; load the module tun, or ask for access to %s".formatted(name, e.getMessage(), DEVICE), e);
        }
        int result = attach(descriptor, bytes);
        if (result < 0) {
            LibC.close(descriptor);
            throw new IOException("the TAP interface %s cannot be used: %s".formatted(name, reason(name, -result)));
        }
        return new TapWire(descriptor);
    }

    private static int attach(int descriptor, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_BYTES, Long.BYTES);
            MemorySegment.copy(MemorySegment.ofArray(name), 0, request, 0, name.length);
            request.set(JAVA_SHORT, IFNAMSIZ, (short) (IFF_TAP | IFF_NO_PI));
            return LibC.tryIoctl(descriptor, TUNSETIFF, request.address());
        }
    }

    private static String reason(String name, int errno) {
        return switch (errno) {
            case Errno.EPERM -> "this user may not; have root do: ip tuntap add dev %s mode tap user %s && ip link set %s up"
                    .formatted(name, System.getProperty("user.name"), name);
            case Errno.EBUSY -> "another process has it";
            case Errno.EINVAL -> "an interface of that name is there already, and is no TAP interface of one queue";
            default -> LibC.failure("TUNSETIFF", errno).getMessage();
        };
    }
}
