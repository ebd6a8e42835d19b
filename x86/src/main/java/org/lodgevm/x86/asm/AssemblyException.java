package org.lodgevm.x86.asm;

/** What was asked of the assembler has no encoding: always a mistake of the caller. */
public final class AssemblyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AssemblyException(String message) {
        super(message);
    }
}
