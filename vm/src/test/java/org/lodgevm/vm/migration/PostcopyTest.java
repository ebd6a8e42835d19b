package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.machine.PageSet;
import org.lodgevm.vm.migration.MigrationException.Whereabouts;

/** Machines that run at the target before their memory is there, over links that break. */
@Timeout(120)
class PostcopyTest {
    private static final byte[] DEFINITION = {1, 2, 3};
    private static final int CASES = Integer.getInteger("lodge.fuzz.factor", 1) * 60;

    /** Bytes of a message without payload. */
    private static final int MESSAGE = 5;

    /** When the source knows that the target has the machine. */
    private interface Moved {
        void run() throws Exception;
    }

    private Moved moved = () -> {};
    private final AtomicReference<String> disk = new AtomicReference<>();
    private final List<MigrationProgress> progress = new ArrayList<>();
    private FakeMachine source;
    private Loopback target;

    @BeforeEach
    void start() throws IOException {
        source = FakeMachine.started(disk);
        target = new Loopback(disk, true);
    }

    @AfterEach
    void end() throws IOException {
        target.close();
        source.close();
    }

    private static MigrationOptions options(long rate, boolean compress, int connections, Duration patience) {
        return new MigrationOptions(rate, Duration.ZERO, true, compress, true, true, false, connections, patience);
    }

    private MigrationSource migration(MigrationOptions options) {
        return migration(source, target, options);
    }

    /** Of a machine that stands still, and whose devices write more than can be sent. */
    private MigrationSource migration(FakeMachine machine, Loopback to, MigrationOptions options) {
        machine.pause();
        SplittableRandom dice = new SplittableRandom(7);
        return new MigrationSource(machine, to::open, DEFINITION, options, each -> {
            progress.add(each);
            if (each.downtime().isZero() && each.remaining() == 0) {
                write(machine, dice);
            } else if (each.downtime().isPositive()) {
                notifyMoved();
            }
        });
    }

    private void notifyMoved() {
        Moved once = moved;
        moved = () -> {};
        try {
            once.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** To three quarters of the pages, some of them zeroes. */
    private static void write(FakeMachine machine, SplittableRandom dice) {
        byte[] page = new byte[PageSet.PAGE];
        for (int i = 0; i < FakeMachine.PAGES * 3 / 4; i++) {
            dice.nextBytes(page);
            machine.memory.write((long) i * PageSet.PAGE, i % 7 == 0 ? new byte[PageSet.PAGE] : page);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 3"})
    void memoryFollowsAMachineThatDoesNotConverge(boolean compress, int connections) throws MigrationException {
        migration(options(0, compress, connections, Duration.ofSeconds(5))).run();
        assertThat(Loopback.sameMemory(source, target.machine())).isTrue();
        assertThat(source.left).isTrue();
        assertThat(source.throttled).as("it is not slowed down").isZero();
        assertThat(progress).filteredOn(each -> each.downtime().isPositive()).extracting(MigrationProgress::remaining)
                .startsWith((long) FakeMachine.PAGES * 3 / 4).endsWith(0L);
        assertThat(target.machine().said).contains("all of the machine's memory is here");
        assertThat(target.machine().memory.absent()).isNull();
    }

    @Test
    void theGuestWritesWhileItsMemoryFollows() throws MigrationException {
        MigrationOptions slow = new MigrationOptions(400_000, Duration.ZERO, false, false, true, true, false, 1, Duration.ofSeconds(5)); // whole pages
        for (long page = FakeMachine.PAGES / 2; page < FakeMachine.PAGES; page++) {
            source.memory.write(page * PageSet.PAGE, new byte[] {1}); // which take a fifth of a second, and the guest writes to others
        }
        new MigrationSource(source, target::open, DEFINITION, slow, progress::add).run();
        FakeMachine there = target.machine();
        assertThat(there.isRunning()).isTrue();
        assertThat(progress).anySatisfy(each -> assertThat(each.downtime().isPositive() && each.remaining() > 0).isTrue());
        MigrationTest.assertWhole(there);
        assertThat(there.steps).isGreaterThanOrEqualTo(source.steps);
    }

    @Test
    void aMachineThatConvergesIsThereAsAWhole() throws MigrationException {
        source.pause();
        new MigrationSource(source, target::open, DEFINITION, options(0, false, 1, Duration.ofSeconds(5)), progress::add).run();
        assertThat(Loopback.sameMemory(source, target.machine())).isTrue();
        assertThat(source.handedOver).isFalse();
        assertThat(target.targets.getFirst().rest()).isEmpty();
    }

    @Test
    void aTargetWhoseMachineCannotWaitRefuses() {
        target.impatient = true;
        assertThatThrownBy(() -> migration(options(0, false, 1, Duration.ofSeconds(5))).run())
                .isInstanceOf(MigrationException.class).hasMessage("it cannot wait for memory");
        assertThat(progress).isEmpty();
    }

    @Test
    void aMigrationThatCameToNothingIsSettled() {
        target.unreachable = true;
        MigrationSource migration = migration(options(0, false, 1, Duration.ofSeconds(5)));
        assertThatThrownBy(migration::run).isInstanceOf(MigrationException.class);
        assertThat(migration.isUnsettled()).isFalse();
    }

    /** Each case cuts up to four links in turn. */
    @Test
    void howeverOftenTheLinkIsCutTheMachineIsWholeInOnePlace() throws Exception {
        SplittableRandom dice = new SplittableRandom(Long.getLong("lodge.fuzz.seed", 42));
        int stayed = 0;
        int cuts = 0;
        for (int i = 0; i < CASES; i++) {
            AtomicReference<String> itsDisk = new AtomicReference<>();
            try (Loopback there = new Loopback(itsDisk, true); FakeMachine machine = FakeMachine.started(itsDisk)) {
                write(machine, dice);
                there.cuts.add(dice.nextLong(200, 240_000));
                for (int more = dice.nextInt(4); more > 0; more--) {
                    there.cuts.add(dice.nextLong(0, 40_000));
                }
                if (moves(machine, there)) {
                    cuts += there.opened() - 1;
                } else {
                    stayed++;
                }
            }
        }
        assertThat(stayed).as("cut before the handover").isGreaterThan(CASES / 5);
        assertThat(cuts).as("cut after it").isGreaterThan(CASES / 2);
    }

    private boolean moves(FakeMachine machine, Loopback there) throws IOException {
        try {
            migration(machine, there, options(0, false, 1, Duration.ofSeconds(20))).run();
        } catch (MigrationException e) {
            assertThat(e.whereabouts()).as(e.getMessage()).isEqualTo(Whereabouts.SOURCE);
            assertThat(machine.disk.get()).isEqualTo("source");
            assertThat(there.arrived).isEmpty();
            return false;
        }
        assertThat(machine.disk.get()).isEqualTo("target");
        assertThat(Loopback.sameMemory(machine, there.machine())).isTrue();
        return true;
    }

    @Test
    void aMachineThatCannotGetItsMemoryWaitsForARecovery() throws Exception {
        moved = () -> {
            target.unreachable = true;
            target.first.close();
        };
        MigrationSource migration = migration(options(0, false, 1, Duration.ofMillis(300)));
        MigrationException split = catchThrowableOfType(MigrationException.class, migration::run);
        assertThat(split.whereabouts()).isEqualTo(Whereabouts.SPLIT);
        assertThat(split).hasMessageContaining("--recover");
        assertThat(source.handedOver).isTrue();
        assertThat(source.left).isFalse();
        assertThat(target.targets.getFirst().rest().orElseThrow().pagesLeft()).isPositive();
        assertThatThrownBy(() -> target.machine().logWrites().close()).hasMessageContaining("still where it came from");
        assertThat(migration.isUnsettled()).isTrue();
        recover(migration);
        assertThatIllegalStateException().isThrownBy(() -> this.migration(MigrationOptions.DEFAULT).recover(target::open, progress::add));
    }

    private void recover(MigrationSource migration) throws MigrationException {
        target.unreachable = false;
        migration.recover(target::open, progress::add);
        assertThat(source.left).isTrue();
        assertThat(Loopback.sameMemory(source, target.machine())).isTrue();
        assertThat(target.targets.getFirst().rest().orElseThrow().pagesLeft()).isZero();
    }

    @Test
    void aMachineOfWhichNobodyKnowsWhereItIsCanBeRecovered() throws Exception {
        target.back = 3 * MESSAGE; // not the answer to the handover, which follows those to its beginning, a round and the state
        target.cutForGood = true;
        MigrationSource migration = migration(options(0, false, 1, Duration.ofMillis(300)));
        MigrationException unknown = catchThrowableOfType(MigrationException.class, migration::run);
        assertThat(unknown.whereabouts()).isEqualTo(Whereabouts.UNKNOWN);
        assertThat(migration.isUnsettled()).isTrue();
        recover(migration);
    }

    @Test
    void aMachineThatEndsNeedsNoMoreMemory() throws Exception {
        moved = () -> target.machine().end(false);
        migration(options(0, false, 1, Duration.ofSeconds(5))).run();
        assertThat(source.left).isTrue();
    }

    @Test
    void aHostileSourceHarmsNobodyButItsMachine() throws Exception {
        byte[] recording = record();
        SplittableRandom dice = new SplittableRandom(Long.getLong("lodge.fuzz.seed", 42));
        int taken = 0;
        for (int i = 0; i < CASES * 10; i++) {
            AtomicReference<String> itsDisk = new AtomicReference<>();
            try (FakeMachine machine = new FakeMachine("target", itsDisk)) {
                MigrationLink link = MigrationLink.of(new ByteArrayInputStream(i == 0 ? recording : Loopback.damaged(recording, dice)), OutputStream.nullOutputStream());
                taken += new MigrationTarget(link, Decisions.inMemory()).run(hello -> machine) ? 1 : 0;
            } catch (IOException refused) {
                assertThat(itsDisk.get()).isNull();
            }
        }
        assertThat(taken).isPositive();
    }

    /** What a source sends to a target that wants no page. */
    private byte[] record() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        write(source, new SplittableRandom(3));
        new MigrationSource(source, () -> Loopback.recording(sent), DEFINITION, options(0, true, 1, Duration.ofSeconds(5)), progress::add).run();
        return sent.toByteArray();
    }
}
