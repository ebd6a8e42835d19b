package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Kernels of distributions, from the folder that the system property {@code lodge.test.kernels} names. */
class RealKernelsTest {
    @Test
    void everyKernelLoads() throws Exception {
        String folder = System.getProperty("lodge.test.kernels");
        assumeTrue(folder != null, "no kernels: give their folder as -Dlodge.test.kernels=...");
        try (Stream<Path> files = Files.list(Path.of(folder)); Rig rig = new Rig(512)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                rig.load(BootFile.of(file), "console=ttyS0");
                assertThat(rig.cpu.rip).as(file.toString()).isBetween(0x1000L, 512L << 20);
                assertThat(rig.memory.read(rig.cpu.rip, 16)).as("code of " + file).isNotEqualTo(new byte[16]);
            }
        }
    }
}
