package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.machine.PageSet;

/** Disks that go along with a machine whose guest writes to them, by links that are cut. */
@Timeout(120)
class DiskCopyTest {
    private static final byte[] DEFINITION = {1, 2, 3};
    private static final int HOSTILE_CASES = Integer.getInteger("lodge.fuzz.factor", 1) * 500;

    private final AtomicReference<String> lock = new AtomicReference<>();
    private FakeMachine source;
    private Loopback target;

    @BeforeEach
    void start() throws IOException {
        source = FakeMachine.started(lock);
        target = new Loopback(lock);
    }

    @AfterEach
    void end() throws IOException {
        target.close();
        source.close();
    }

    private static MigrationOptions with(long rate, Duration downtime, boolean postcopy, int connections) {
        return new MigrationOptions(rate, downtime, false, false, postcopy, true, true, connections, Duration.ofSeconds(5));
    }

    private static final MigrationOptions PLAIN = with(0, Duration.ofMillis(300), false, 1);

    private void migrate(MigrationOptions options, Consumer<MigrationProgress> listener) throws MigrationException {
        new MigrationSource(source, target::open, DEFINITION, options, listener).run();
    }

    /** The disk has what the guest wrote in the steps that it knows of, and nothing else. */
    private static void assertWhole(FakeMachine machine) {
        machine.pause();
        FakeDisk expected = new FakeDisk();
        for (long step = 1; step <= machine.steps; step++) {
            expected.step(step);
        }
        assertThat(machine.own.content()).isEqualTo(expected.content());
    }

    @Test
    void aDiskIsTheSameThereThoughTheGuestWroteToItAllTheTime() throws Exception {
        List<MigrationProgress> progress = new ArrayList<>();
        migrate(PLAIN, progress::add);
        assertWhole(target.machine());
        assertThat(target.machine().steps).isGreaterThanOrEqualTo(source.steps);
        assertThat(source.own.isLogged()).isFalse();
        assertThat(progress.getFirst().round()).isZero();
        assertThat(progress.getFirst().diskRemaining()).isPositive();
        assertThat(progress.getLast().diskBytes()).isPositive();
        assertThat(progress.getLast().diskRemaining()).isZero();
    }

    @Test
    void whatWasNeverWrittenIsNotSent() throws Exception {
        source.pause();
        List<MigrationProgress> progress = new ArrayList<>();
        source.own.writeZeroes(0, FakeDisk.SIZE, true);
        source.own.write(PageSet.PAGE, ByteBuffer.wrap(new byte[PageSet.PAGE])); // there, but zeroes
        source.own.write(9 * PageSet.PAGE, ByteBuffer.wrap(new byte[] {1}));
        migrate(PLAIN, progress::add);
        assertThat(progress.getLast().diskBytes()).isEqualTo(2 * PageSet.PAGE);
        assertThat(target.machine().own.content()).isEqualTo(source.own.content());
        assertThat(target.machine().own.extent(0, FakeDisk.SIZE).end()).as("zeroes are not written to what is new").isEqualTo(9 * PageSet.PAGE);
    }

    @Test
    void whatBecameZeroesMeanwhileDoesSoThere() throws Exception {
        source.pause();
        source.own.writeZeroes(0, FakeDisk.SIZE, true);
        source.own.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        boolean[] once = new boolean[1];
        migrate(PLAIN, progress -> {
            if (!once[0]) {
                once[0] = true;
                source.own.clear(0, PageSet.PAGE);
            }
        });
        assertThat(once[0]).isTrue();
        assertThat(target.machine().own.content()).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void itGoesAlongWithMemoryThatFollows(int connections) throws Exception {
        target.close();
        target = new Loopback(lock, true);
        byte[] written = new byte[FakeMachine.PAGES * PageSet.PAGE];
        migrate(with(2_000_000, Duration.ofMillis(50), true, connections), progress -> {
            if (progress.round() > 0 && progress.downtime().isZero()) {
                written[7]++;
                for (int page = 0; page < FakeMachine.PAGES; page++) {
                    source.memory.write((long) page * PageSet.PAGE + 100, new byte[] {written[7]});
                }
            }
        });
        assertThat(source.handedOver).isTrue();
        assertWhole(target.machine());
    }

    @Test
    void whatTheGuestHadWrittenIsDurableBeforeTheMachineIsTheTargets() throws Exception {
        boolean[] durable = new boolean[1];
        target.beforeDisks = machine -> durable[0] = machine.own.isDurable();
        migrate(PLAIN, progress -> {});
        target.machine();
        assertThat(durable[0]).isTrue();
    }

    @Test
    void theLinkCarriesNoMoreThanItMay() throws Exception {
        source.pause();
        source.own.write(0, ByteBuffer.wrap(bytes(1 << 20)));
        long began = System.nanoTime();
        migrate(with(4_000_000, Duration.ofMillis(300), false, 1), progress -> {});
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(250));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void itCanBeCancelledWhileDisksGo() {
        MigrationSource[] migration = new MigrationSource[1];
        migration[0] = new MigrationSource(source, target::open, DEFINITION, PLAIN, progress -> {
            if (progress.round() == 0) {
                migration[0].cancel();
            }
        });
        assertStays(() -> migration[0].run(), "the migration was cancelled");
    }

    private void assertStays(ThrowingCallable attempt, String message) {
        assertThatThrownBy(attempt).isInstanceOf(MigrationException.class).hasMessageContaining(message);
        assertThat(source.isRunning()).isTrue();
        assertThat(source.own.isLogged()).isFalse();
        assertThat(target.arrived).isEmpty();
    }

    @Test
    void aTargetWhoseDiskIsFullRefusesAndTheGuestGoesOn() throws Exception {
        target.room = 100;
        source.own.write(200 * PageSet.PAGE, ByteBuffer.wrap(bytes(10)));
        assertStays(() -> migrate(PLAIN, progress -> {}), "no space is left on the device");
    }

    @Test
    void aTargetThatHasNotBeenToldOfDisksTakesNone() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        MessageStream stream = new MessageStream(MigrationLink.of(new ByteArrayInputStream(new byte[0]), sent));
        stream.send(MessageType.HELLO, new Hello(UUID.randomUUID(), source.profile(), false, List.of(), DEFINITION).encode());
        stream.send(MessageType.WRITES, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assertRefused(sent.toByteArray(), "the source sent WRITES where PAGES belongs");
    }

    @Test
    void aDiskThatThereIsNotIsRefused() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        MessageStream stream = new MessageStream(MigrationLink.of(new ByteArrayInputStream(new byte[0]), sent));
        stream.send(MessageType.HELLO, new Hello(UUID.randomUUID(), source.profile(), false, ComingDisk.all(source.disks()), DEFINITION).encode());
        stream.send(MessageType.WRITES, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assertRefused(sent.toByteArray(), "the source sent something of disk 1, which does not come along");
    }

    private void assertRefused(byte[] recording, String message) {
        try (FakeMachine machine = new FakeMachine("target", lock)) {
            MigrationLink link = MigrationLink.of(new ByteArrayInputStream(recording), OutputStream.nullOutputStream());
            assertThatThrownBy(() -> new MigrationTarget(link, Decisions.inMemory()).run(hello -> machine)).hasMessage(message);
            assertThat(machine.isRunning()).isFalse();
        }
    }

    /** Every place within what is said before the handover, and after it, where a message may be lost. */
    @Test
    void whereverTheLinkIsCutOneSideHasTheMachineWithAWholeDisk() throws Exception {
        long[] whole = Loopback.lengths(PLAIN);
        List<long[]> cuts = new ArrayList<>();
        for (long forth = 0; forth < whole[0]; forth += forth > whole[0] - 60 ? 1 : whole[0] / 150) {
            cuts.add(new long[] {forth, Long.MAX_VALUE});
        }
        for (long back = 0; back < whole[1]; back++) {
            cuts.add(new long[] {Long.MAX_VALUE, back});
        }
        int here = 0;
        int there = 0;
        for (long[] cut : cuts) {
            if (survives(cut)) {
                there++;
            } else {
                here++;
            }
        }
        assertThat(here).isGreaterThan(100);
        assertThat(there).isGreaterThanOrEqualTo(4);
    }

    /** @return whether the machine runs at the target */
    private static boolean survives(long[] cut) throws Exception {
        AtomicReference<String> itsLock = new AtomicReference<>();
        try (Loopback there = new Loopback(itsLock); FakeMachine machine = FakeMachine.started(itsLock)) {
            there.forth = cut[0];
            there.back = cut[1];
            boolean moved = moves(there, machine);
            FakeMachine owner = moved ? there.machine() : machine;
            assertThat(machine.isRunning()).as("cut after %s", Arrays.toString(cut)).isEqualTo(!moved);
            assertThat(there.arrived.stream().filter(FakeMachine::isRunning)).hasSize(moved ? 1 : 0);
            assertWhole(owner);
            return moved;
        }
    }

    private static boolean moves(Loopback there, FakeMachine machine) {
        try {
            new MigrationSource(machine, there::open, DEFINITION, PLAIN, progress -> {}).run();
            return true;
        } catch (MigrationException e) {
            assertThat(e.whereabouts()).isEqualTo(MigrationException.Whereabouts.SOURCE);
            return false;
        }
    }

    @Test
    void aHostileSourceIsRefused() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        new MigrationSource(source, () -> Loopback.recording(sent), DEFINITION, PLAIN, progress -> {}).run();
        SplittableRandom dice = new SplittableRandom(Long.getLong("lodge.fuzz.seed", 42));
        for (int i = 0; i < HOSTILE_CASES; i++) {
            byte[] damaged = Loopback.damaged(sent.toByteArray(), dice);
            AtomicReference<String> itsLock = new AtomicReference<>();
            try (FakeMachine machine = new FakeMachine("target", itsLock)) {
                MigrationLink link = MigrationLink.of(new ByteArrayInputStream(damaged), OutputStream.nullOutputStream());
                new MigrationTarget(link, Decisions.inMemory()).run(hello -> machine);
            } catch (IOException refused) {
                assertThat(itsLock.get()).isNull();
            }
        }
    }
}
