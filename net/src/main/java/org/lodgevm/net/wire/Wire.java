package org.lodgevm.net.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A way for frames out of this process and into it. One thread reads, another one writes; any closes, which ends both. */
public interface Wire extends Closeable {
    /** Waits for a frame. @return from position to limit, big-endian; valid until the next call */
    ByteBuffer read() throws IOException;

    /** Waits until the frame is on its way, or drops it as a network may. @param frame may be changed in position only */
    void write(ByteBuffer frame) throws IOException;
}
