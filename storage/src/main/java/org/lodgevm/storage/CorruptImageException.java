package org.lodgevm.storage;

/** A file is not what its format demands: damaged, cut off, or made to do harm. */
public final class CorruptImageException extends StorageException {
    private static final long serialVersionUID = 1;

    public CorruptImageException(String image, String problem) {
        super(image, problem);
    }

    /** @param offset where in the file */
    public CorruptImageException(String image, long offset, String problem) {
        super(image, offset, problem);
    }
}
