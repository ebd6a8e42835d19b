package org.lodgevm.storage;

/** Somebody else, in this process or another, uses the image in a way that excludes ours. */
public final class ImageInUseException extends StorageException {
    private static final long serialVersionUID = 1;

    public ImageInUseException(String image, String problem) {
        super(image, problem);
    }
}
