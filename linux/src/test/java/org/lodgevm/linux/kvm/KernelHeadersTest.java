package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.UnionLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.linux.KernelHeaders;
import org.lodgevm.linux.call.SystemCall;

/** Our numbers and layouts beside those that a C compiler finds in the kernel's headers. */
class KernelHeadersTest {
    private static final Map<String, Long> OURS = new LinkedHashMap<>();
    private static final Map<String, Long> THEIRS = new LinkedHashMap<>();

    /** Our name for what has none in C. */
    private static final String UNION = "exit";

    @TempDir
    static Path folder;

    @BeforeAll
    static void askTheCompiler() throws IOException, InterruptedException {
        for (Ioctl ioctl : Ioctl.values()) {
            OURS.put(ioctl.name(), ioctl.number());
        }
        for (Capability capability : Capability.values()) {
            OURS.put(capability.name(), (long) capability.number());
        }
        for (ExitReason reason : ExitReason.values()) {
            OURS.put(reason.name(), (long) reason.number());
        }
        for (SystemCall call : SystemCall.values()) {
            OURS.put("__NR_" + call, call.number());
        }
        for (GroupLayout struct : Structs.WHOLE) {
            OURS.put("sizeof(struct " + struct.name().orElseThrow() + ")", struct.byteSize());
            addMembers(struct, struct.name().orElseThrow(), "", 0);
        }
        addMembers(Structs.RUN, "kvm_run", "", 0);
        THEIRS.putAll(KernelHeaders.values(OURS.keySet(), folder, "linux/kvm.h", "sys/syscall.h"));
    }

    private static void addMembers(GroupLayout group, String struct, String prefix, long base) {
        long offset = 0;
        for (MemoryLayout member : group.memberLayouts()) {
            if (!(member instanceof PaddingLayout)) {
                String path = prefix + member.name().orElseThrow();
                if (!path.equals(UNION)) {
                    OURS.put("offsetof(struct %s, %s)".formatted(struct, path.replaceFirst("^" + UNION + "\\.", "")), base + offset);
                }
                if (member instanceof GroupLayout inner) {
                    addMembers(inner, struct, path + ".", base + offset);
                }
            }
            offset += group instanceof UnionLayout ? 0 : member.byteSize();
        }
    }

    @Test
    void everyNumberAndEveryMemberIsTheKernels() {
        assertThat(OURS).hasSizeGreaterThan(200);
        assertThat(OURS).isEqualTo(THEIRS);
    }
}
