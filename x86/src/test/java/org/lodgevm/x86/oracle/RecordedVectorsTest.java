package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.interpret.InterpreterAccelerator;

/**
 * Replays what a real CPU did, on hosts that have none: cases of every row, recorded by {@link
 * Recorder}.
 */
class RecordedVectorsTest {
    private static final String RESOURCE = "vectors.gz";

    private static List<Vectors.Recorded> vectors() throws IOException {
        try (InputStream in = RecordedVectorsTest.class.getResourceAsStream(RESOURCE)) {
            return Vectors.read(in);
        }
    }

    @Test
    void interpreterDoesWhatTheRealCpuDid() throws IOException {
        List<Vectors.Recorded> vectors = vectors();
        assertThat(vectors).hasSizeGreaterThan(12_000);
        Comparison comparison = new Comparison();
        List<String> wrong = new ArrayList<>();
        try (CaseRunner cpu = new GuestCpu(new InterpreterAccelerator())) {
            for (int first = 0; first < vectors.size(); first += CaseRunner.CAPACITY) {
                List<Vectors.Recorded> batch =
                        vectors.subList(
                                first, Math.min(first + CaseRunner.CAPACITY, vectors.size()));
                for (int i = 0; i < batch.size(); i++) {
                    cpu.input(i).copyFrom(batch.get(i).input());
                }
                cpu.run(batch.size());
                for (int i = 0; i < batch.size(); i++) {
                    Vectors.Recorded vector = batch.get(i);
                    List<String> differences =
                            comparison.differences(
                                    vector.input(), vector.expected(), cpu.output(i));
                    if (!differences.isEmpty()) {
                        wrong.add(
                                Reproducer.describe(
                                        first + i, vector.input(), vector.expected(), differences));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void fileKeepsWhatIsWrittenToIt() throws IOException {
        List<Vectors.Recorded> some = vectors().subList(0, 100);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Vectors.write(out, some);
        List<Vectors.Recorded> again = Vectors.read(new ByteArrayInputStream(out.toByteArray()));
        assertThat(again).hasSameSizeAs(some);
        for (int i = 0; i < some.size(); i++) {
            assertThat(again.get(i).input().record().mismatch(some.get(i).input().record()))
                    .isEqualTo(-1);
            assertThat(again.get(i).expected().record().mismatch(some.get(i).expected().record()))
                    .isEqualTo(-1);
        }
    }

    @Test
    void fileThatIsCutOffIsRefused() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Vectors.write(out, vectors().subList(0, 10));
        byte[] cut = java.util.Arrays.copyOf(out.toByteArray(), out.size() / 2);
        Assertions.assertThatIOException()
                .isThrownBy(() -> Vectors.read(new ByteArrayInputStream(cut)));
    }
}
