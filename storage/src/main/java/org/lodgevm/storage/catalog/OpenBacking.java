package org.lodgevm.storage.catalog;

import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.UnsupportedImageException;

/** Has the backing image of an overlay, and nothing else. */
record OpenBacking(DiskImage base) implements Surroundings {
    @Override
    public DiskImage openBacking(ByteStore image, String reference, String format) {
        return base;
    }

    @Override
    public ByteStore openExtent(ByteStore image, String reference) throws UnsupportedImageException {
        throw new UnsupportedImageException(image.name(), "an overlay has no other files");
    }

    @Override
    public ByteStore createExtent(ByteStore image, String reference) throws UnsupportedImageException {
        return openExtent(image, reference);
    }
}
