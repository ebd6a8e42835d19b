package org.lodgevm.image;

/**
 * A guest image could not be had. The message is for the user: one sentence or two that say what went wrong, where, and
 * what to do about it.
 */
public sealed class ImageException extends RuntimeException permits CacheException {
    private static final long serialVersionUID = 1;

    public ImageException(String message) {
        super(message);
    }

    public ImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
