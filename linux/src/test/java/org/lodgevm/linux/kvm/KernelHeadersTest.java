package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.UnionLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        assumeTrue(Files.exists(Path.of("/usr/include/linux/kvm.h")), "the kernel's headers are not installed (linux-libc-dev)");
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
        compile();
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

    private static void compile() throws IOException, InterruptedException {
        StringBuilder program = new StringBuilder(
                "#include <linux/kvm.h>\n#include <stddef.h>\n#include <stdio.h>\n#include <sys/syscall.h>\nint main(void) {\n");
        List<String> names = new ArrayList<>(OURS.keySet());
        names.forEach(name -> program.append("  printf(\"%llu\\n\", (unsigned long long) (").append(name).append("));\n"));
        program.append("}\n");
        Path source = Files.writeString(folder.resolve("ask.c"), program);
        Path binary = folder.resolve("ask");
        assumeTrue(run("gcc", "-o", binary.toString(), source.toString()) != null, "there is no C compiler (gcc)");
        List<String> values = run(binary.toString()).lines().toList();
        assertThat(values).hasSameSizeAs(names);
        for (int i = 0; i < names.size(); i++) {
            THEIRS.put(names.get(i), Long.parseUnsignedLong(values.get(i)));
        }
    }

    /** What the program prints, or null if there is no such program. */
    private static String run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } catch (IOException e) {
            return null;
        }
    }

    @Test
    void everyNumberAndEveryMemberIsTheKernels() {
        assertThat(OURS).hasSizeGreaterThan(200);
        assertThat(OURS).isEqualTo(THEIRS);
    }
}
