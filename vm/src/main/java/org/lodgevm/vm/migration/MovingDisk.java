package org.lodgevm.vm.migration;

import java.io.IOException;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.BlockImage;

/** A disk that goes along with its machine, and is written to meanwhile. */
public interface MovingDisk extends BlockImage {
    /** Of its image, as {@code qcow2}. */
    String format() throws IOException;

    /** Begins to log which blocks are written to, or ends it. */
    void logWrites(boolean on);

    /** Blocks of {@value PageSet#PAGE} bytes that were written to since the log began, or since this was called the last time. */
    PageSet collectWrites();
}
