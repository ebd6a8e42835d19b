package org.lodgevm.devices.chipset.serial;

import java.io.IOException;
import java.io.InputStream;

/** Carries bytes from a host stream to a UART, which makes this thread wait until the guest takes them. */
final class SerialInput {
    private static final int CHUNK = 256;

    private SerialInput() {}

    /** Starts the thread; it ends with the stream, or when the UART is closed. */
    static void start(String name, InputStream stream, Uart uart) {
        Thread.ofVirtual().name(name).start(() -> pump(stream, uart));
    }

    private static void pump(InputStream stream, Uart uart) {
        byte[] chunk = new byte[CHUNK];
        try {
            int length;
            while ((length = stream.read(chunk)) >= 0) {
                for (int i = 0; i < length; i++) {
                    if (!uart.receive(chunk[i])) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // the host's end is gone, as at the end of the stream: the guest receives no more
        }
    }
}
