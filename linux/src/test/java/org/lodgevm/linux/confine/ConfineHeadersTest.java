package org.lodgevm.linux.confine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.linux.KernelHeaders;

/** Our numbers beside those that a C compiler finds in the kernel's headers. */
class ConfineHeadersTest {
    /** What the headers of any kernel know that one builds Lodge on. */
    private static final int OLDEST = 2;

    @TempDir
    private Path folder;

    @Test
    void requestsAndRightsAreTheKernels() throws Exception {
        Map<String, Long> ours = new HashMap<>();
        for (DeviceRequest request : DeviceRequest.values()) {
            ours.put(request.name(), Integer.toUnsignedLong(request.number()));
        }
        for (FileRight right : FileRight.values()) {
            if (right.since() <= OLDEST) {
                ours.put("LANDLOCK_ACCESS_FS_" + right.name(), right.bit());
            }
        }
        ours.put("SECCOMP_RET_KILL_PROCESS", Integer.toUnsignedLong(Seccomp.KILL_PROCESS));
        ours.put("SECCOMP_RET_ALLOW", Integer.toUnsignedLong(Seccomp.ALLOW));
        ours.put("SECCOMP_RET_ERRNO + 1", Integer.toUnsignedLong(Seccomp.refuse(1)));
        ours.put("sizeof(struct sock_filter)", (long) FilterProgram.INSTRUCTION_BYTES);
        assertThat(ours).isEqualTo(KernelHeaders.values(ours.keySet(), folder,
                "asm/ioctls.h", "linux/fs.h", "linux/sockios.h", "linux/landlock.h", "linux/seccomp.h", "linux/filter.h"));
    }
}
