package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.ImageInfo;
import org.lodgevm.storage.Snapshots;

/** What the file says about itself, by the names that QEMU gives it. */
final class Qcow2Info {
    private Qcow2Info() {}

    static ImageInfo of(ByteStore store, Qcow2Header header, List<Snapshots.Entry> snapshots) throws IOException {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("compat", header.version == 2 ? "0.10" : "1.1");
        details.put("compression-type", header.codec.name().toLowerCase(Locale.ROOT));
        if (header.version == 3) {
            details.put("lazy-refcounts", header.isLazy());
            details.put("refcount-bits", header.geometry.refcountBits());
            details.put("corrupt", header.has(Qcow2Header.CORRUPT));
            details.put("extended-l2", header.geometry.subclusters());
            List<Map<String, Object>> bitmaps = Bitmaps.list(store, header);
            if (!bitmaps.isEmpty()) {
                details.put("bitmaps", bitmaps);
            }
        }
        return new ImageInfo(
                "qcow2",
                header.size,
                store.allocated(),
                header.geometry.clusterSize(),
                header.backingFile,
                header.extensions.backingFormat(),
                header.has(Qcow2Header.DIRTY),
                snapshots,
                details);
    }
}
