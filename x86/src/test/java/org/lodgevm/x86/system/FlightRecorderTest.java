package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.x86.asm.Label;

/** What the JDK's flight recorder is told of a CPU. */
class FlightRecorderTest {
    private static final int ROUNDS = 1000;

    @TempDir
    Path folder;

    @Test
    void translationsAndFiguresAreRecorded() throws IOException {
        assumeTrue(Engine.available().contains(Engine.TRANSLATOR), "no translator on this host");
        List<RecordedEvent> events = record();
        assertThat(events).filteredOn(e -> e.getEventType().getName().equals("org.lodgevm.Translation")).isNotEmpty()
                .anySatisfy(e -> {
                    assertThat(e.getLong("rip")).isEqualTo(Guest.KERNEL);
                    assertThat(e.getLong("instructions")).isPositive();
                    assertThat(e.getLong("codeSize")).isPositive();
                });
        assertThat(events).filteredOn(e -> e.getEventType().getName().equals("org.lodgevm.VcpuStatistics")).isNotEmpty()
                .last().satisfies(e -> {
                    assertThat(e.getLong("regions")).isPositive();
                    assertThat(e.getLong("translated")).isPositive();
                    assertThat(e.getLong("callOuts")).isGreaterThanOrEqualTo(ROUNDS);
                });
    }

    private List<RecordedEvent> record() throws IOException {
        Path file = folder.resolve("guest.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("org.lodgevm.Translation").withoutThreshold();
            recording.enable("org.lodgevm.VcpuStatistics").with("period", "endChunk");
            recording.start();
            try (Guest g = new Guest(Engine.TRANSLATOR, Mode.LONG)) {
                Label loop = new Label();
                Guest.done(g.kernel().mov(ECX, ROUNDS).bind(loop).clts().inc(EAX).dec(ECX).jcc(NE, loop));
                assertThat(g.run().event()).isEqualTo("done");
                recording.stop();
            }
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }
}
