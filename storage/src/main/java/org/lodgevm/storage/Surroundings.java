package org.lodgevm.storage;

import java.io.IOException;

/** What an image may ask of those who open it: the other files that it consists of. They decide whether it gets them. */
public interface Surroundings {
    /** An image that has the content which {@code image} lacks. @param format or null, to find out */
    DiskImage openBacking(ByteStore image, String reference, String format) throws IOException;

    /** A file in which {@code image} keeps content, opened as itself is. */
    ByteStore openExtent(ByteStore image, String reference) throws IOException;

    /** Makes such a file, which does not exist. */
    ByteStore createExtent(ByteStore image, String reference) throws IOException;

    /** Whether what is open only to be looked at need not have its backing file. */
    default boolean skipsBacking() {
        return false;
    }

    /** Whether it is open to be mended, and so may be damaged. */
    default boolean isRepair() {
        return false;
    }
}
