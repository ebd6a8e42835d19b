package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lodgevm.linux.kvm.KvmAccelerator;
import org.lodgevm.x86.isa.Feature;

/**
 * A guest of KVM's in ring 3 against a process of the host, both on its very processor: 64-bit code. {@code -Dlodge.differential.batches=N} sets
 * how many cases (4 by default), 1,024 a batch, and {@code -Dlodge.differential.seed=N} from which seed.
 */
class KvmDifferentialTest {
    private static final int BATCHES = Integer.getInteger("lodge.differential.batches", 4);
    private static final long SEED = Long.getLong("lodge.differential.seed", 1);

    @BeforeAll
    static void needsKvmAndTheRealCpu() {
        assumeTrue(NativeCpu.unavailable() == null, NativeCpu::unavailable);
        assumeTrue(Files.isWritable(Path.of("/dev/kvm")), "there is no /dev/kvm that may be opened");
    }

    @Test
    void ring3DoesWhatAProcessDoes() throws IOException {
        KernelExclusions exclusions = new KernelExclusions();
        try (CaseRunner oracle = new NativeCpu();
                HostedCpu guest = new HostedCpu(new KvmAccelerator())) {
            Set<Feature> features = Features.common(oracle, guest);
            boolean avx = guest.hasAvx();
            Generator source =
                    new Generator(row -> Features.cover(features, row) && !KernelExclusions.applies(row, avx), Mode.BITS_64);
            Differential differential = new Differential(oracle, guest, source, exclusions::compares);
            for (int i = 0; i < BATCHES; i++) {
                differential.batch(SEED + (long) i * CaseRunner.CAPACITY);
            }
            Differential.Report report = differential.report();
            assertThat(report.mismatches()).as(report.toString()).isZero();
            assertThat(report.cases()).as("beside those left out: " + exclusions.leftOut()).isGreaterThan(BATCHES * CaseRunner.CAPACITY * 3L / 4);
        }
    }
}
