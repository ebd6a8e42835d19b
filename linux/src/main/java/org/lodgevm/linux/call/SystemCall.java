package org.lodgevm.linux.call;

import java.util.Locale;

/** Numbers of system calls that the C library has no function for, or not everywhere. Source: Linux's arch/x86/entry/syscalls/syscall_64.tbl. */
public enum SystemCall {
    GETTID(186),
    TGKILL(234);

    private final long number;

    SystemCall(long number) {
        this.number = number;
    }

    public long number() {
        return number;
    }

    /** As the manual calls it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
