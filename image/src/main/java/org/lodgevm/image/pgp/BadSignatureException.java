package org.lodgevm.image.pgp;

/** Content is not what the holder of a trusted key signed. The message is the reason, as part of a sentence. */
public final class BadSignatureException extends Exception {
    private static final long serialVersionUID = 1;

    public BadSignatureException(String message) {
        super(message);
    }

    /** What a reader of OpenPGP packets objects to; it says nothing when they end too early. */
    static String reason(Exception malformed) {
        return malformed.getMessage() == null ? "it is cut off or damaged" : malformed.getMessage();
    }
}
