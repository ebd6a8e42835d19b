package org.lodgevm.image.guest;

import java.nio.charset.StandardCharsets;
import org.lodgevm.image.cache.Digest;

/** Names of records in the cache: whatever is asked for fits into a file name and collides with nothing else. */
final class RecordName {
    private static final int DISTINCT = 16;

    private RecordName() {}

    static String of(String kind, String... request) {
        byte[] text = String.join("\n", request).getBytes(StandardCharsets.UTF_8);
        return kind + "-" + Digest.of(text).sha256().substring(0, DISTINCT);
    }
}
