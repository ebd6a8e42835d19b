package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PipeTest {
    private final Pipe pipe = new Pipe();

    @Test
    void everyByteArrivesInOrderHoweverTheReadsAndWritesAreCut() throws Exception {
        byte[] sent = new byte[1_000_000];
        Random random = new Random(1);
        random.nextBytes(sent);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            Random cuts = new Random(2);
            for (int at = 0; at < sent.length; ) {
                int length = Math.min(sent.length - at, 1 + cuts.nextInt(200_000));
                write(sent, at, length);
                at += length;
            }
            pipe.end();
        });
        byte[] received = pipe.exit.readAllBytes();
        writer.join();
        assertThat(received).isEqualTo(sent);
    }

    @Test
    void aWriterThatIsFarAheadWaits() throws Exception {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(new byte[100_000], 0, 100_000));
        while (pipe.exit.read(new byte[100]) == 100 && !writer.isDone()) {
            Thread.onSpinWait();
        }
        assertThat(writer).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void whatIsUnderWayAtTheEndIsStillRead() throws IOException {
        pipe.entry.write('a');
        pipe.end();
        assertThat(pipe.exit.read()).isEqualTo('a');
        assertThat(pipe.exit.read()).isEqualTo(-1);
    }

    @Test
    void theEndFreesAWriterThatWaits() {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(new byte[1 << 20], 0, 1 << 20));
        pipe.end();
        assertThat(writer).failsWithin(Duration.ofSeconds(10));
        assertThatThrownBy(() -> pipe.entry.write(0)).isInstanceOf(IOException.class);
    }

    private void write(byte[] bytes, int offset, int length) {
        try {
            pipe.entry.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
