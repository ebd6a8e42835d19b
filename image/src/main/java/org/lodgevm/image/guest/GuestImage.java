package org.lodgevm.image.guest;

import java.nio.file.Path;
import org.lodgevm.image.Architecture;

/**
 * A guest ready to boot.
 *
 * @param kernel a vmlinux, or a bzImage if that cannot be unpacked here
 * @param initramfs the root file system that every run shares: a {@link org.lodgevm.image.session.RunPlan} adds to it
 * @param architecture of both
 * @param kernelVersion as Debian counts: {@code linux-image-6.1.0-1-cloud-amd64 6.1.4-1}
 */
public record GuestImage(Path kernel, Path initramfs, Architecture architecture, String kernelVersion) {
    /** The log goes to the first UART; a guest that panics resets its machine at once. */
    private static final String ARGUMENTS = "console=ttyS0,115200 panic=-1";

    /**
     * What to tell the kernel.
     *
     * @param verbose whether it writes its whole log to the first UART, instead of warnings only
     */
    public String commandLine(boolean verbose) {
        return verbose ? ARGUMENTS : ARGUMENTS + " quiet";
    }
}
