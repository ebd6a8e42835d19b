package org.lodgevm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a C compiler finds in the headers of the host's kernel. */
public final class KernelHeaders {
    private KernelHeaders() {}

    /** The values of C expressions. @param folder to compile in @param headers that define what the expressions name */
    public static Map<String, Long> values(Set<String> expressions, Path folder, String... headers) throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/include/linux/kvm.h")), "the kernel's headers are not installed (linux-libc-dev)");
        StringBuilder program = new StringBuilder("#include <stddef.h>\n#include <stdio.h>\n");
        for (String header : headers) {
            program.append("#include <").append(header).append(">\n");
        }
        program.append("int main(void) {\n");
        List<String> names = new ArrayList<>(expressions);
        names.forEach(name -> program.append("  printf(\"%llu\\n\", (unsigned long long) (").append(name).append("));\n"));
        program.append("}\n");
        Path source = Files.writeString(folder.resolve("ask.c"), program);
        Path binary = folder.resolve("ask");
        assumeTrue(run("gcc", "-o", binary.toString(), source.toString()) != null, "there is no C compiler (gcc)");
        List<String> answers = run(binary.toString()).lines().toList();
        assertThat(answers).hasSameSizeAs(names);
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), Long.parseUnsignedLong(answers.get(i)));
        }
        return values;
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
}
