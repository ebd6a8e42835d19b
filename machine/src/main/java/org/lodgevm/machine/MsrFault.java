package org.lodgevm.machine;

/** An access to a model-specific register that the architecture answers with #GP(0). Stackless: the guest can cause it at will. */
public final class MsrFault extends RuntimeException {
    private static final long serialVersionUID = 1;
    public static final MsrFault INSTANCE = new MsrFault();

    private MsrFault() {
        super("#GP(0)", null, false, false);
    }
}
