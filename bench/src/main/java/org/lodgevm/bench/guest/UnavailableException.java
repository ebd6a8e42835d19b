package org.lodgevm.bench.guest;

/** A workload cannot run here; the message says why, and appears beneath the table. */
final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }
}
