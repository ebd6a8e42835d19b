package org.lodgevm.storage;

/** No other file is there. */
public final class Alone implements Surroundings {
    @Override
    public DiskImage openBacking(ByteStore image, String reference, String format) throws StorageException {
        throw new StorageException(image.name(), "no backing file here");
    }

    @Override
    public ByteStore openExtent(ByteStore image, String reference) throws StorageException {
        throw new StorageException(image.name(), "no extent here");
    }

    @Override
    public ByteStore createExtent(ByteStore image, String reference) throws StorageException {
        throw new StorageException(image.name(), "no extent here");
    }
}
