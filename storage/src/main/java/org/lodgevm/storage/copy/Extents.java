package org.lodgevm.storage.copy;

import java.io.IOException;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;

/** Goes through a whole image, by pieces that are as long as they are alike. */
public final class Extents {
    /** Hears of each. */
    public interface Visitor {
        void visit(Extent extent) throws IOException;
    }

    private Extents() {}

    /** From the beginning to the end. */
    public static void forEach(BlockImage image, Visitor visitor) throws IOException {
        Extent pending = null;
        for (long at = 0; at < image.size();) {
            Extent extent = image.extent(at, image.size() - at);
            at = extent.end();
            if (pending != null && pending.continuesIn(extent)) {
                pending = pending.joined(extent);
            } else {
                if (pending != null) {
                    visitor.visit(pending);
                }
                pending = extent;
            }
        }
        if (pending != null) {
            visitor.visit(pending);
        }
    }
}
