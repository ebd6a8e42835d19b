package org.lodgevm.storage;

/** An image needs, or an operation is, what Lodge does not do with its format. */
public final class UnsupportedImageException extends StorageException {
    private static final long serialVersionUID = 1;

    public UnsupportedImageException(String image, String problem) {
        super(image, problem);
    }
}
