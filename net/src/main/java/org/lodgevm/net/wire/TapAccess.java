package org.lodgevm.net.wire;

import java.io.IOException;
import java.util.ServiceLoader;

/** How an operating system hands out the frames of a network interface of its own. A service: the module {@code linux} provides one. */
public interface TapAccess {
    /** Whether it works here. */
    boolean isAvailable();

    /**
     * Takes hold of an interface, which others may not until the wire is closed.
     *
     * @param name of the interface; one that is not there is made, if the process may, and gone with the wire
     * @throws IOException whose message is for the user
     */
    Wire open(String name) throws IOException;

    /** The same, by what this host has for it. */
    static Wire tap(String name) throws IOException {
        for (TapAccess access : ServiceLoader.load(TapAccess.class)) {
            if (access.isAvailable()) {
                return access.open(name);
            }
        }
        throw new IOException("the TAP interface %s cannot be used: that takes Linux on x86-64; the user-mode network works everywhere".formatted(name));
    }
}
