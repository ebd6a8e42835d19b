package org.lodgevm.x86.system;

/**
 * Why a guest stopped, and what its handler found on the stack.
 *
 * @param event {@code done}, {@code shutdown}, {@code #PF(0x7)}, {@code #UD}, {@code interrupt 0x40}; otherwise what went wrong
 * @param rip saved by the CPU, as are {@code cs}, {@code rflags}, {@code rsp} and {@code ss}
 * @param rsp zero where the CPU saves none
 * @param frame linear address of what it saved
 */
record Stop(String event, long rip, int cs, long rflags, long rsp, int ss, long frame, long cr2) {
    static Stop of(String event) {
        return new Stop(event, 0, 0, 0, 0, 0, 0, 0);
    }

    boolean flag(int bit) {
        return (rflags & bit) != 0;
    }
}
