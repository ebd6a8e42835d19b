package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InboxTest {
    private static final Duration SILENCE = Duration.ofMillis(100);

    /** What came meanwhile may not have been read yet, by a process that has stood still. */
    @Test
    void whoHasNotLookedForLongGivesTheOtherSideAMoment() throws Exception {
        try (PipedOutputStream said = new PipedOutputStream()) {
            Inbox inbox = new Inbox(new MessageStream(MigrationLink.of(new PipedInputStream(said), OutputStream.nullOutputStream())), SILENCE);
            Thread.sleep(SILENCE.multipliedBy(2));
            assertThatCode(inbox::requireLife).doesNotThrowAnyException();
            assertThatThrownBy(inbox::await).isInstanceOf(SilenceException.class).hasMessage("the other side has been silent for 100 ms");
        }
    }
}
