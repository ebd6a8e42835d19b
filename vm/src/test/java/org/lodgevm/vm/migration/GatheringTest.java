package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.machine.PageSet;

/** Migrations by several connections, each of which may break off, and sources that are hostile. */
@Timeout(120)
class GatheringTest {
    private static final byte[] DEFINITION = {1, 2, 3};
    private static final Gathering.Recovery NOBODY = migration -> {
        throw new IOException("there is no migration %s".formatted(migration));
    };
    private static final int HOSTILE_CASES = Integer.getInteger("lodge.fuzz.factor", 1) * 1000;

    private static MigrationOptions by(int connections, boolean compress) {
        return new MigrationOptions(0, Duration.ofMillis(300), true, compress, false, true, false, connections, Duration.ofSeconds(2));
    }

    private static byte[] noise(int seed) {
        byte[] bytes = new byte[PageSet.PAGE];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true", "3, false", "16, true"})
    void memoryIsTheSameAtBothSides(int connections, boolean compress) throws Exception {
        AtomicReference<String> disk = new AtomicReference<>();
        try (Loopback target = new Loopback(disk, true); FakeMachine source = FakeMachine.started(disk)) {
            source.pause();
            for (int page = 0; page < FakeMachine.PAGES; page++) {
                source.memory.write(page * (long) PageSet.PAGE, noise(page));
            }
            List<MigrationProgress> progress = new ArrayList<>();
            new MigrationSource(source, target::open, DEFINITION, by(connections, compress), now -> {
                progress.add(now);
                if (now.round() == 1) { // several pages, at any time, of all connections
                    source.memory.write(progress.size() * (long) PageSet.PAGE, noise(-progress.size()));
                }
            }).run();
            assertThat(Loopback.sameMemory(source, target.machine())).isTrue();
            assertThat(progress.getLast().remaining()).isZero();
            assertThat(progress.getLast().pages()).isGreaterThan(FakeMachine.PAGES);
        }
    }

    @Test
    void aTargetAloneTakesOneConnection() throws IOException {
        AtomicReference<String> disk = new AtomicReference<>();
        try (Loopback target = new Loopback(disk); FakeMachine source = FakeMachine.started(disk)) {
            MigrationSource migration = new MigrationSource(source, target::open, DEFINITION, by(2, false), now -> {});
            assertThatThrownBy(migration::run).isInstanceOf(MigrationException.class).hasMessageContaining("use one: --connections 1");
            assertThat(source.isRunning()).isTrue();
        }
    }

    /** The first one, and one of the others. */
    @ParameterizedTest
    @CsvSource({"0", "2"})
    void whicheverLinkIsCutWhereverTheMachineRunsInOnePlace(int link) throws IOException {
        int here = 0;
        int there = 0;
        for (long forth = 0; forth < 60_000; forth += forth < 40 ? 1 : 1511) {
            if (survives(link, forth, Long.MAX_VALUE)) {
                there++;
            } else {
                here++;
            }
        }
        for (long back = 0; back < 20; back++) { // ACCEPT, ALIVE, READY and TAKEN have five bytes each
            if (survives(link, Long.MAX_VALUE, back)) {
                there++;
            } else {
                here++;
            }
        }
        assertThat(here).isGreaterThan(20);
        assertThat(there).as("what is cut after all has been said does no harm").isPositive();
    }

    private static boolean survives(int link, long forth, long back) throws IOException {
        AtomicReference<String> disk = new AtomicReference<>();
        try (Loopback target = new Loopback(disk, true); FakeMachine source = FakeMachine.started(disk)) {
            target.cutLink = link;
            target.forth = forth;
            target.back = back;
            boolean moved = true;
            try {
                new MigrationSource(source, target::open, DEFINITION, by(3, false), progress -> {}).run();
            } catch (MigrationException e) {
                moved = false;
                assertThat(e.whereabouts()).as("link %d cut after %d, %d: %s", link, forth, back, e.getMessage()).isEqualTo(MigrationException.Whereabouts.SOURCE);
            }
            boolean runsThere = moved ? target.machine().isRunning() : target.arrived.stream().anyMatch(FakeMachine::isRunning);
            assertThat(source.isRunning()).isEqualTo(!runsThere);
            assertThat(disk.get()).isEqualTo(moved ? "target" : "source");
            return moved;
        }
    }

    @Test
    void whatIsNoMigrationIsRefusedWithTheReason() throws IOException {
        assertRefused(message(MessageType.JOIN, Hello.ask(UUID.randomUUID())), "there is no migration here");
        assertRefused(message(MessageType.STATE, new byte[9]), "the source sent STATE where HELLO belongs");
        assertRefused(message(MessageType.HELLO, new byte[99]), "this is not Lodge's migration protocol");
        byte[] newer = Hello.ask(UUID.randomUUID());
        newer[9]++;
        assertRefused(message(MessageType.JOIN, newer), "the source speaks version %d".formatted(Hello.VERSION + 1));
        assertRefused(new byte[] {22, 3, 1, 2, 0, 1}, "the other side speaks TLS");
    }

    private static void assertRefused(byte[] sent, String reason) throws IOException {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        MigrationLink link = MigrationLink.of(new ByteArrayInputStream(sent), answers);
        assertThatThrownBy(() -> new Gathering(NOBODY).serve(link, () -> {
            throw new AssertionError("nothing is to be opened");
        })).isInstanceOf(IOException.class).hasMessageContaining(reason);
        Message answer = new MessageStream(MigrationLink.of(new ByteArrayInputStream(answers.toByteArray()), OutputStream.nullOutputStream())).receive();
        assertThat(answer.type()).isEqualTo(MessageType.REFUSE);
        assertThat(answer.text()).contains(reason);
    }

    private static byte[] message(MessageType type, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new MessageStream(MigrationLink.of(InputStream.nullInputStream(), bytes)).send(type, payload);
        return bytes.toByteArray();
    }

    /** What comes by either connection is damaged: whatever reaches the target is messages, and both connections end. */
    @Test
    void hostileSourcesBringNobodyDown() throws Exception {
        SplittableRandom dice = new SplittableRandom(Long.getLong("lodge.fuzz.seed", 42));
        Gathering gathering = new Gathering(NOBODY);
        for (int i = 0; i < HOSTILE_CASES; i++) {
            UUID id = new UUID(1, i);
            ByteArrayOutputStream first = new ByteArrayOutputStream();
            first.write(message(MessageType.HELLO, new Hello(id, java.util.Map.of("memory", "some"), false, List.of(), DEFINITION).encode()));
            first.write(message(MessageType.PAGES, noise(i)));
            first.write(message(MessageType.STATE, noise(-i)));
            ByteArrayOutputStream other = new ByteArrayOutputStream();
            other.write(message(MessageType.JOIN, Hello.ask(id)));
            other.write(message(MessageType.PAGES, noise(i)));
            other.write(message(MessageType.END, new byte[0]));
            ByteArrayOutputStream reached = new ByteArrayOutputStream();
            byte[] damagedFirst = dice.nextInt(3) == 0 ? first.toByteArray() : Loopback.damaged(first.toByteArray(), dice);
            byte[] damagedOther = dice.nextInt(3) == 0 ? other.toByteArray() : Loopback.damaged(other.toByteArray(), dice);
            Thread one = serve(gathering, damagedFirst, reached);
            Thread two = serve(gathering, damagedOther, new ByteArrayOutputStream());
            one.join();
            two.join();
            assertWhole(reached.toByteArray());
        }
    }

    private static Thread serve(Gathering gathering, byte[] sent, OutputStream target) {
        return Thread.ofVirtual().start(() -> {
            try {
                gathering.serve(MigrationLink.of(new ByteArrayInputStream(sent), OutputStream.nullOutputStream()), () -> MigrationLink.of(InputStream.nullInputStream(), target));
            } catch (IOException e) {
                // as it should be
            }
        });
    }

    /** Only the last message may be cut off. */
    private static void assertWhole(byte[] reached) throws IOException {
        MessageStream stream = new MessageStream(MigrationLink.of(new ByteArrayInputStream(reached), OutputStream.nullOutputStream()));
        List<MessageType> types = new ArrayList<>();
        try {
            while (true) {
                types.add(stream.receive().type());
            }
        } catch (MalformedStreamException e) {
            throw new AssertionError("after %s of %s: %s".formatted(types, Arrays.toString(reached), e.getMessage()), e);
        } catch (IOException end) {
            assertThat(types.subList(0, Math.min(1, types.size()))).allMatch(type -> type == MessageType.HELLO || type == MessageType.PROTECT || type == MessageType.ASK);
        }
    }

    @Test
    void thereAreOneToSixteenConnections() {
        assertThatIllegalArgumentException().isThrownBy(() -> by(0, false)).withMessageContaining("1 to 16");
        assertThatIllegalArgumentException().isThrownBy(() -> by(17, false)).withMessageContaining("1 to 16");
    }
}
