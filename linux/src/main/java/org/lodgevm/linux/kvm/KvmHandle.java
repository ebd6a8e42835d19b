package org.lodgevm.linux.kvm;

import java.lang.foreign.MemorySegment;
import org.lodgevm.linux.call.LibC;

/** A descriptor that takes KVM's calls: of the subsystem, of a virtual machine or of a vCPU. */
final class KvmHandle implements AutoCloseable {
    private final int descriptor;

    KvmHandle(int descriptor) {
        this.descriptor = descriptor;
    }

    int descriptor() {
        return descriptor;
    }

    /** @throws org.lodgevm.linux.call.HostCallException when the kernel refuses */
    int call(Ioctl ioctl, long argument) {
        return (int) LibC.check(ioctl.name(), tryCall(ioctl, argument));
    }

    int call(Ioctl ioctl, MemorySegment argument) {
        return call(ioctl, argument.address());
    }

    /** @return a negative error number when the kernel refuses */
    int tryCall(Ioctl ioctl, long argument) {
        return LibC.tryIoctl(descriptor, ioctl.number(), argument);
    }

    @Override
    public void close() {
        LibC.close(descriptor);
    }
}
