package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.machine.PageSet;

/** The protocol between two sides, with links that are cut at every place, and a hostile source. */
@Timeout(120)
class MigrationTest {
    private static final byte[] DEFINITION = {1, 2, 3};
    private static final int HOSTILE_CASES = Integer.getInteger("lodge.fuzz.factor", 1) * 2000;

    private final AtomicReference<String> disk = new AtomicReference<>();
    private FakeMachine source;
    private Loopback target;

    @BeforeEach
    void start() throws IOException {
        source = FakeMachine.started(disk);
        target = new Loopback(disk);
    }

    @AfterEach
    void end() throws IOException {
        target.close();
        source.close();
    }

    private MigrationSource migration(MigrationOptions options, Consumer<MigrationProgress> listener) {
        return new MigrationSource(source, target::open, DEFINITION, options, listener);
    }

    private void migrate() throws MigrationException {
        migration(MigrationOptions.DEFAULT, progress -> {}).run();
    }

    private static MigrationOptions with(long rate, Duration downtime, boolean compress) {
        return with(rate, downtime, compress, 1);
    }

    private static MigrationOptions with(long rate, Duration downtime, boolean compress, int connections) {
        return new MigrationOptions(rate, downtime, true, compress, false, true, false, connections, Duration.ofSeconds(2));
    }

    /** What the guest wrote last stands in one of its pages. */
    static void assertWhole(FakeMachine machine) {
        machine.pause();
        long last = 0;
        for (long page = 0; page < FakeMachine.PAGES / 2; page++) {
            last = Math.max(last, machine.memory.at(page * PageSet.PAGE, 8).get(
                    java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN), 0));
        }
        assertThat(last).isEqualTo(machine.steps);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMachineMovesWhileItsGuestWrites(boolean compress) throws MigrationException {
        List<MigrationProgress> progress = new ArrayList<>();
        migration(with(0, Duration.ofMillis(1), compress), progress::add).run();
        FakeMachine there = target.machine();
        assertThat(there.isRunning()).isTrue();
        assertThat(source.isRunning()).isFalse();
        assertThat(source.left).isTrue();
        assertThat(there.steps).isGreaterThanOrEqualTo(source.steps);
        assertWhole(there);
        assertThat(progress.getLast().downtime()).isPositive();
        assertThat(progress.getLast().zeroPages()).as("pages that were never written to").isPositive();
        assertThat(progress.getLast().remaining()).isZero();
    }

    @Test
    void bothLogsTellWhatTheGuestStoodStillFor() throws Exception {
        migrate();
        FakeMachine there = target.machine();
        target.close(); // the target's end has said what it has to say
        assertThat(source.said).singleElement().asString().matches(
                "the machine is there, and stood still for \\d+ ms \\(pause \\d+, last pages \\d+, state \\d+, output \\d+, target \\d+, disks \\d+, handover \\d+\\)");
        assertThat(there.said).singleElement().asString().matches(
                "the machine is here, \\d+ ms \\(state \\d+, disks \\d+, decision \\d+, resumption \\d+\\) after its state");
        assertThat(source.rehearsed && there.rehearsed).isTrue();
        assertThat(there.prepared).isEqualTo(FakeMachine.HOT_CODE);
    }

    @Test
    void memoryIsTheSameAtBothSides() throws MigrationException {
        source.pause();
        migrate();
        FakeMachine there = target.machine();
        assertThat(there.isRunning()).as("it was paused").isFalse();
        assertThat(Loopback.sameMemory(source, there)).isTrue();
        assertThat(there.steps).isEqualTo(source.steps);
    }

    @Test
    void aMachineThatDiffersIsRefusedWithTheReason() {
        source.profile.put("CPUs", "2");
        assertThatThrownBy(this::migrate).isInstanceOf(MigrationException.class).hasMessage("the machines differ: CPUs is 2 at the source, 1 at the target");
        assertThat(source.isRunning()).isTrue();
        assertThat(source.left).isFalse();
        assertThat(target.arrived).isEmpty();
    }

    @Test
    void aDiskThatTheTargetCannotHaveStaysHere() {
        target.thief = true;
        assertThatThrownBy(this::migrate).isInstanceOf(MigrationException.class).hasMessage("the disk is in use at the thief");
        assertThat(source.isRunning()).isTrue();
        assertThat(target.arrived).isEmpty();
    }

    @Test
    void aGuestThatWritesFasterThanTheLinkCarriesIsSlowedDownUntilItConverges() throws MigrationException {
        List<MigrationProgress> progress = new ArrayList<>();
        byte[] written = new byte[FakeMachine.PAGES * PageSet.PAGE];
        Arrays.fill(written, (byte) 1);
        source.memory.write(0, written);
        migration(new MigrationOptions(2_000_000, Duration.ofMillis(5), false, false, false, true, false, 1, Duration.ofSeconds(2)), each -> {
            progress.add(each);
            if (each.throttle() < 50) {
                source.memory.write(0, written);
            } else {
                source.pause();
            }
        }).run();
        assertThat(progress).extracting(MigrationProgress::throttle).isSorted().startsWith(0).endsWith(50);
        assertThat(source.throttled).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAPageThatIsSentAgainOnlyWhatHasChangedGoes(boolean compress) throws MigrationException {
        byte[] written = new byte[PageSet.PAGE];
        new SplittableRandom(1).nextBytes(written);
        source.pause();
        source.memory.write(0, written);
        List<MigrationProgress> progress = new ArrayList<>();
        migration(new MigrationOptions(0, Duration.ZERO, true, compress, false, false, false, 1, Duration.ofSeconds(2)), each -> {
            progress.add(each);
            if (each.round() < 3) {
                written[7]++;
                source.memory.write(0, written);
                source.memory.write(PageSet.PAGE, written);
            }
        }).run();
        assertThat(progress.getLast().deltaPages()).isBetween(1L, 10L);
        assertThat(progress.getLast().deltaBytes()).isBetween(progress.getLast().deltaPages(), 40L);
        assertThat(Loopback.sameMemory(source, target.machine())).isTrue();
    }

    @Test
    void itCanBeCancelledAtAnyTimeUntilTheMachineIsHandedOver() {
        MigrationSource[] migration = new MigrationSource[1];
        migration[0] = migration(with(4_000_000, Duration.ZERO, false), progress -> {
            if (progress.round() == 2) {
                assertThat(migration[0].cancel()).isTrue();
            }
        });
        assertThatThrownBy(() -> migration[0].run()).isInstanceOf(MigrationException.class).hasMessage("the migration was cancelled");
        assertThat(source.isRunning()).isTrue();
        assertThat(target.arrived).isEmpty();
    }

    @Test
    void afterTheHandoverThereIsNothingToCancel() throws MigrationException {
        MigrationSource migration = migration(MigrationOptions.DEFAULT, progress -> {});
        migration.run();
        assertThat(migration.cancel()).isFalse();
        assertThat(target.machine().isRunning()).isTrue();
    }

    @Test
    void whereverTheLinkIsCutTheMachineRunsInOnePlace() throws IOException {
        long[] whole = Loopback.lengths(MigrationOptions.DEFAULT);
        List<long[]> cuts = new ArrayList<>();
        for (long forth = 0; forth < whole[0]; forth += forth > whole[0] - 60 || forth < 40 ? 1 : 2711) {
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
        assertThat(here).isGreaterThan(20);
        assertThat(there).as("the answer to the handover was lost").isGreaterThanOrEqualTo(4);
    }

    /** @return whether the machine runs at the target */
    private static boolean survives(long[] cut) throws IOException {
        AtomicReference<String> itsDisk = new AtomicReference<>();
        try (Loopback there = new Loopback(itsDisk); FakeMachine machine = FakeMachine.started(itsDisk)) {
            there.forth = cut[0];
            there.back = cut[1];
            boolean moved;
            try {
                new MigrationSource(machine, there::open, DEFINITION, with(0, Duration.ofMillis(300), false), progress -> {}).run();
                moved = true;
            } catch (MigrationException e) {
                moved = false;
                assertThat(e.whereabouts()).as("cut after %s: %s", Arrays.toString(cut), e.getMessage()).isEqualTo(MigrationException.Whereabouts.SOURCE);
            }
            boolean runsThere = moved ? there.machine().isRunning() : there.arrived.stream().anyMatch(FakeMachine::isRunning);
            assertThat(machine.isRunning()).as("cut after %s", Arrays.toString(cut)).isEqualTo(!runsThere);
            assertThat(itsDisk.get()).isEqualTo(moved ? "target" : "source");
            assertWhole(moved ? there.machine() : machine);
            return moved;
        }
    }

    @Test
    void askingDecidesThatAMachineWhichWasNotTakenNeverIs() throws IOException {
        Decisions decisions = Decisions.inMemory();
        UUID id = UUID.randomUUID();
        assertThat(decisions.decide(id, false)).isFalse();
        assertThat(decisions.decide(id, true)).isFalse();
        UUID other = UUID.randomUUID();
        assertThat(decisions.decide(other, true)).isTrue();
        assertThat(decisions.decide(other, false)).isTrue();
    }

    /** Damaged recordings of a migration: refused, with no machine running and no more memory than messages may take. */
    @Test
    void aHostileSourceIsRefused() throws Exception {
        byte[] recording = record();
        SplittableRandom dice = new SplittableRandom(Long.getLong("lodge.fuzz.seed", 42));
        for (int i = 0; i < HOSTILE_CASES; i++) {
            byte[] damaged = Loopback.damaged(recording, dice);
            AtomicReference<String> itsDisk = new AtomicReference<>();
            try (FakeMachine machine = new FakeMachine("target", itsDisk)) {
                MigrationLink link = MigrationLink.of(new ByteArrayInputStream(damaged), OutputStream.nullOutputStream());
                boolean taken = new MigrationTarget(link, Decisions.inMemory()).run(hello -> machine);
                assertThat(machine.isRunning()).isEqualTo(taken && itsDisk.get() != null && machine.isRunning());
            } catch (IOException refused) {
                assertThat(itsDisk.get()).isNull();
            }
        }
    }

    /** What a source sends. */
    private byte[] record() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        new MigrationSource(source, () -> Loopback.recording(sent), DEFINITION, with(0, Duration.ofSeconds(9), true), progress -> {}).run();
        return sent.toByteArray();
    }
}
