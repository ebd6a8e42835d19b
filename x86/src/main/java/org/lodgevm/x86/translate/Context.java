package org.lodgevm.x86.translate;

import org.lodgevm.x86.isa.CodeSize;

/**
 * What code is translated for: what its bytes mean, and what it may do, are different in others.
 *
 * @param key names it, for whoever looks for code; not -1
 * @param regime of the TLB that its accesses ask
 * @param system key of the context that SYSCALL leads to, if it clears RFLAGS.AC
 * @param user key of the one that SYSRET leads to
 * @param open key of the same with RFLAGS.AC set
 * @param closed key of the same with RFLAGS.AC clear
 */
public record Context(int key, CodeSize size, int regime, int system, int user, int open, int closed) {}
