package org.lodgevm.devices.chipset.serial;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The far end of a serial cable.
 *
 * @param input what the guest receives; read on a thread of its own, only as fast as the guest takes it. Its end is not the
 *     end of the line: the guest merely receives no more
 * @param output what the guest sends; written and flushed on a thread of its own
 */
public record SerialEndpoint(InputStream input, OutputStream output) {
    /** An open connector: nothing comes in, what goes out is lost. */
    public static final SerialEndpoint UNCONNECTED =
            new SerialEndpoint(InputStream.nullInputStream(), OutputStream.nullOutputStream());
}
