package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.machine.VcpuState;

/**
 * What XSAVE manages, and XCR0, between a vCPU of the kernel's and the record that accelerators exchange: both are the standard format.
 *
 * @param components that the guest may use, as bits of XCR0
 * @param size of a whole image with these. @sdm 1:13.4
 */
record ExtendedState(KvmHandle vcpu, long components, int size) {
    /** x87 and SSE, which every guest has. */
    static final int LEGACY = 3;

    /** An image of x87 and SSE alone: legacy area and header. */
    static final int SMALLEST = 576;

    private static final int XSTATE_BV = 512;
    private static final long XCRS = Structs.offset(Structs.XCRS, "xcrs");
    private static final long VALUE = Structs.offset(Structs.XCR, "value");

    void save(VcpuState state) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment image = arena.allocate(Structs.XSAVE);
            vcpu.call(Ioctl.KVM_GET_XSAVE, image);
            state.xsave = image.asSlice(0, size).toArray(JAVA_BYTE);
            MemorySegment registers = arena.allocate(Structs.XCRS);
            vcpu.call(Ioctl.KVM_GET_XCRS, registers);
            if (registers.get(JAVA_INT, 0) > 0) {
                state.xcr0 = registers.get(JAVA_LONG, XCRS + VALUE);
            }
        }
    }

    /**
     * Components that this guest has not may be there as long as nothing is in them.
     *
     * @throws IllegalArgumentException otherwise
     */
    void restore(VcpuState state) {
        byte[] saved = state.xsave;
        if (saved.length < SMALLEST || saved.length > Structs.XSAVE.byteSize()) {
            throw new IllegalArgumentException("XSAVE image has %d bytes; possible are %d to %d".formatted(
                    saved.length, SMALLEST, Structs.XSAVE.byteSize()));
        }
        for (int i = size; i < saved.length; i++) {
            if (saved[i] != 0) {
                throw new IllegalArgumentException("XSAVE image has components in use that this host's guests have not; they have %x".formatted(
                        components));
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            if (size > SMALLEST) {
                MemorySegment registers = arena.allocate(Structs.XCRS);
                registers.set(JAVA_INT, 0, 1);
                registers.set(JAVA_LONG, XCRS + VALUE, state.xcr0);
                vcpu.call(Ioctl.KVM_SET_XCRS, registers);
            }
            MemorySegment image = arena.allocate(Structs.XSAVE);
            image.copyFrom(MemorySegment.ofArray(saved));
            image.set(JAVA_LONG, XSTATE_BV, image.get(JAVA_LONG, XSTATE_BV) & components);
            vcpu.call(Ioctl.KVM_SET_XSAVE, image);
        }
    }
}
