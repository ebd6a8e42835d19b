package org.lodgevm.x86.state;

/**
 * An exception of the guest's on its way to the run loop. One instance a vCPU, without a stack trace: a guest can cause as
 * many as it likes.
 */
public final class GuestFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private int vector;
    private int errorCode;
    private long address;

    public GuestFault() {
        super(null, null, false, false);
    }

    /** A fault with an error code; the code is ignored for vectors that have none. */
    public GuestFault with(int newVector, int newErrorCode) {
        vector = newVector;
        errorCode = newErrorCode;
        return this;
    }

    /** @param linear goes to CR2 */
    public GuestFault pageFault(long linear, int newErrorCode) {
        address = linear;
        return with(Vector.PF, newErrorCode);
    }

    public int vector() {
        return vector;
    }

    public int errorCode() {
        return errorCode;
    }

    /** The linear address of a page fault. */
    public long address() {
        return address;
    }

    @Override
    public String getMessage() {
        return Vector.name(vector) + (Vector.hasErrorCode(vector) ? "(0x%x)".formatted(errorCode) : "");
    }
}
