package org.lodgevm.storage;

/** How an image is opened. */
public enum Access {
    /** Others may read as well; nobody may write. */
    READ,
    /** Nobody else may use it. */
    WRITE,
    /** For looking at an image that somebody writes to, without any promise that what is seen makes sense. */
    READ_UNLOCKED;

    public boolean isWrite() {
        return this == WRITE;
    }
}
