package org.lodgevm.image;

/** The cache cannot be read or written: the host is to blame and not an archive. */
public final class CacheException extends ImageException {
    private static final long serialVersionUID = 1;

    public CacheException(String message, Throwable cause) {
        super(message, cause);
    }
}
