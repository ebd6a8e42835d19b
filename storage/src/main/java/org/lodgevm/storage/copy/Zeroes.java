package org.lodgevm.storage.copy;

import java.nio.ByteBuffer;

/** Finds zeroes in content. */
public final class Zeroes {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();

    private Zeroes() {}

    /** Whether these bytes are zeroes. */
    public static boolean only(ByteBuffer bytes, int from, int length) {
        for (int done = 0; done < length; done += NOTHING.capacity()) {
            int count = Math.min(NOTHING.capacity(), length - done);
            if (bytes.slice(from + done, count).mismatch(NOTHING.slice(0, count)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
