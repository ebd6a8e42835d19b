package org.lodgevm.storage.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;

/** The format {@code raw}. */
public final class RawFormat implements ImageFormat {
    @Override
    public String name() {
        return "raw";
    }

    /** Never: what is of no other format is taken for raw. */
    @Override
    public boolean recognises(ByteBuffer head, ByteStore store) {
        return false;
    }

    @Override
    public DiskImage open(ByteStore store, Surroundings surroundings) throws IOException {
        return new RawImage(store);
    }

    @Override
    public void create(ByteStore store, long size, CreateOptions options, Surroundings surroundings) throws IOException {
        options.allow(name(), "preallocation");
        boolean full = !options.word("preallocation", "off", "falloc", "full").equals("off");
        if (full) {
            store.resize(size);
            store.writeZeroes(0, size, false);
        } else {
            store.resize(size);
        }
    }
}
