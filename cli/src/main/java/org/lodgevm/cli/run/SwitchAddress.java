package org.lodgevm.cli.run;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.lodgevm.manage.migration.TcpAddress;

/** Where a switch is: {@code tcp://HOST:PORT}, or a Unix socket's path. */
final class SwitchAddress {
    private static final String TCP = "tcp://";

    private SwitchAddress() {}

    /** @throws IllegalArgumentException with a sentence for the user */
    static SocketAddress parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a switch is at a Unix socket's path, or at tcp://HOST:PORT");
        }
        return text.startsWith(TCP) ? TcpAddress.parse(text).resolve() : UnixDomainSocketAddress.of(text);
    }
}
