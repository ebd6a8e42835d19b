package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.PageSet;

/** A slow link: each message takes long enough that a pause of another page or two would be felt. */
class MemoryCopyTest {
    private static final long MESSAGE_MILLIS = 100;
    private static final Duration ANY = Duration.ofHours(1);

    private final FakeMachine machine = new FakeMachine("source", new AtomicReference<>());
    /** How many pages each round had. */
    private final List<Integer> rounds = new ArrayList<>();
    private List<Integer> writes = List.of();
    /** After which of them what was sent was waited for. */
    private final List<Integer> awaited = new ArrayList<>();

    /** The guest writes to some pages while a message is on its way. */
    private void send(MessageType type, byte... payload) throws IOException {
        if (type != MessageType.PAGES) {
            return;
        }
        int round = rounds.size();
        rounds.add((payload[1] & 0xff) << Byte.SIZE | payload[2] & 0xff);
        try {
            TimeUnit.MILLISECONDS.sleep(MESSAGE_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        write(round < writes.size() ? writes.get(round) : 0);
    }

    private void write(int pages) {
        for (long page = 0; page < pages; page++) {
            byte[] content = new byte[PageSet.PAGE];
            Arrays.fill(content, (byte) (rounds.size() + 1));
            machine.memory.write(page * PageSet.PAGE, content);
        }
    }

    private void converge(Duration downtime, boolean throttle, Integer... written) throws IOException {
        writes = List.of(written);
        write(FakeMachine.PAGES);
        MigrationOptions options = new MigrationOptions(0, downtime, false, false, false, throttle, false, 1, Duration.ZERO);
        try (DirtyLog log = machine.logWrites(); MemoryCopy copy = new MemoryCopy(machine, List.<MessageSink>of(this::send), () -> awaited.add(rounds.size()), options, progress -> {})) {
            copy.converge(log);
        }
    }

    @Test
    void roundsGoOnAsLongAsTheyHalveWhatIsLeft() throws IOException {
        converge(ANY, true, 20, 10, 6);
        assertThat(rounds).as("the third leaves more than half").containsExactly(FakeMachine.PAGES + 1, 20, 10);
        assertThat(awaited).as("nothing is on its way when the machine stands still").containsExactly(1, 2, 3);
        assertThat(machine.throttled).as("it may stand still for so long").isZero();
    }

    @Test
    void whatIsGoneInAMomentIsNotSentBeforeThePause() throws IOException {
        converge(ANY, true, 20, 0);
        assertThat(rounds).containsExactly(FakeMachine.PAGES + 1, 20);
    }

    @Test
    void aGuestThatWritesTooFastIsSlowedDown() throws IOException {
        converge(Duration.ofMillis(1), true, 20, 15, 15, 0);
        assertThat(rounds).containsExactly(FakeMachine.PAGES + 1, 20, 15, 15);
        assertThat(machine.throttled).isEqualTo(30);
    }

    @Test
    void unlessItMayNotBe() throws IOException {
        converge(Duration.ofMillis(1), false, 20, 15, 0);
        assertThat(machine.throttled).isZero();
    }
}
