package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.machine.PageSet;
import org.lodgevm.vm.migration.MigrationException.Whereabouts;

/** The protocol between two sides, one of which is gone at some time, or only the link between them. */
@Timeout(180)
class ProtectionTest {
    /** Bytes that the first checkpoint takes, or nearly. */
    private static final long BEFORE_PROTECTED = 30_000;
    private static final ProtectionOptions PATIENT = new ProtectionOptions(Duration.ofMillis(1), Duration.ofSeconds(30), false);
    private static final ProtectionOptions HASTY = new ProtectionOptions(Duration.ofMillis(1), Duration.ofSeconds(1), false);
    /** Who waits for silence to end waits in vain. */
    private static final ProtectionOptions UNHEARD = new ProtectionOptions(Duration.ofMillis(1), Loopback.PATIENCE.plusSeconds(5), false);
    private static final int HOSTILE_CASES = Integer.getInteger("lodge.fuzz.factor", 1) * 1000;

    private final AtomicReference<String> disk = new AtomicReference<>();
    private final CountDownLatch tenCheckpoints = new CountDownLatch(10);
    private FakeMachine source;
    private Loopback standby;
    private Protection protection;
    private CompletableFuture<MigrationException> ended;

    @BeforeEach
    void start() throws IOException {
        standby = new Loopback(disk);
        source = FakeMachine.started(disk, standby.content);
    }

    @AfterEach
    void end() throws IOException {
        source.close();
        disk.compareAndSet("source", null);
        standby.close();
    }

    /** @return completes with where the machine is, when the protection has come to its end; null if that was asked for */
    private CompletableFuture<MigrationException> protect(ProtectionOptions options) {
        ended = begin(options);
        return ended;
    }

    /** Ten of them, or the reason why there are none. */
    private void awaitCheckpoints() throws InterruptedException {
        ended.thenAccept(early -> {
            while (tenCheckpoints.getCount() > 0) {
                tenCheckpoints.countDown();
            }
        });
        tenCheckpoints.await();
        assertThat(ended).isNotDone();
    }

    private CompletableFuture<MigrationException> begin(ProtectionOptions options) {
        protection = new Protection(source, standby::open, new byte[] {1}, options, progress -> {
            if (progress.checkpoint() > 0) {
                tenCheckpoints.countDown();
            }
        });
        return CompletableFuture.supplyAsync(() -> {
            try {
                protection.run();
                return null;
            } catch (MigrationException e) {
                return e;
            }
        }, task -> Thread.ofPlatform().daemon().start(task));
    }

    private void unfenced() {
        source.fenced = false;
        standby.fenced = false;
    }

    /** As the kernel does for a process that is killed: connections end, locks are free, and nobody asks anything. */
    private void kill() throws IOException {
        standby.sourceKilled = true;
        source.close();
        disk.compareAndSet("source", null);
        standby.first.close();
    }

    /** All steps up to the last, each once, stand in what was said and on the disk. */
    private static void assertWhole(FakeMachine machine) {
        machine.pause();
        List<String> said = machine.effects.said().lines().toList();
        assertThat(said.getLast()).isEqualTo(Long.toString(machine.steps));
        for (int i = 1; i < said.size(); i++) {
            assertThat(Long.parseLong(said.get(i))).isEqualTo(Long.parseLong(said.get(i - 1)) + 1);
        }
        for (long step = machine.steps; step > Math.max(0, machine.steps - FakeEffects.BLOCKS); step--) {
            assertThat(machine.effects.disk).containsEntry(step % FakeEffects.BLOCKS, step);
        }
        long last = 0;
        for (long page = 0; page < FakeMachine.PAGES / 2; page++) {
            last = Math.max(last, machine.memory.at(page * PageSet.PAGE, 8).asByteBuffer().getLong(0));
        }
        assertThat(last).isEqualTo(machine.steps);
    }

    /** The standby knows of everything that others have seen of the source. */
    private void assertGoesOnThere() throws InterruptedException {
        FakeMachine there = standby.machine();
        assertThat(there.isRunning()).isTrue();
        assertThat(there.prepared).isEqualTo(FakeMachine.HOT_CODE);
        long lastSaid = Long.parseLong(source.effects.said().lines().toList().getLast());
        while (there.effects.said().isEmpty()) { // until JUnit's timeout
            Thread.sleep(1);
        }
        List<String> saidThere = there.effects.said().lines().toList();
        assertThat(Long.parseLong(saidThere.getFirst())).as("what was held back first").isLessThanOrEqualTo(lastSaid + 1);
        assertThat(Long.parseLong(saidThere.getLast())).isGreaterThanOrEqualTo(lastSaid);
        assertWhole(there);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenTheSourceIsKilledTheStandbyGoesOnFromTheLastCheckpoint(boolean fenced) throws Exception {
        if (!fenced) {
            unfenced();
        }
        protect(PATIENT);
        awaitCheckpoints();
        kill();
        assertGoesOnThere();
    }

    @Test
    void aStandbyThatGivesUpBeforeTheFirstCheckpointHasSaidWhy() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        MessageStream answering = new MessageStream(MigrationLink.of(new ByteArrayInputStream(new byte[0]), said));
        answering.send(MessageType.ACCEPT);
        answering.send(MessageType.REFUSE, "it has no time");
        OutputStream first = new OutputStream() {
            private boolean sent;

            @Override
            public void write(int b) throws IOException {
                if (sent) {
                    throw new IOException("Broken pipe");
                }
            }

            @Override
            public void flush() {
                sent = true;
            }
        };
        Protection refused =
                new Protection(source, () -> MigrationLink.of(new ByteArrayInputStream(said.toByteArray()), first), new byte[] {1}, PATIENT, progress -> {});
        assertThatThrownBy(refused::run).isInstanceOf(MigrationException.class).hasMessageEndingWith("it has no time");
    }

    @Test
    void whoIsAskedToStopLeavesTheMachineAsItWas() throws Exception {
        CompletableFuture<MigrationException> end = protect(PATIENT);
        awaitCheckpoints();
        Arrival there = standby.targets.getFirst().progress();
        assertThat(there.checkpoint()).as("which can be seen").isPositive();
        assertThat(there.bytes()).isPositive();
        protection.stop();
        assertThat(end.join()).isNull();
        standby.refused.acquire();
        assertThat(source.isRunning()).isTrue();
        assertThat(source.effects.isHeld()).isFalse();
        assertThat(standby.arrived).isEmpty();
        assertWhole(source);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMachineThatEndsDoesNotGoOnAtTheStandby(boolean noticed) throws Exception {
        CompletableFuture<MigrationException> end = protect(PATIENT);
        awaitCheckpoints();
        source.end(noticed);
        assertThat(end.join()).isNull();
        standby.refused.acquire();
        assertThat(standby.arrived).isEmpty();
        assertWhole(source);
    }

    @Test
    void whenOnlyTheLinkIsCutAMachineWithADiskStaysWhereItsDiskIs() throws Exception {
        CompletableFuture<MigrationException> end = protect(PATIENT);
        awaitCheckpoints();
        standby.first.close();
        assertThat(end.join()).hasMessageStartingWith("the machine goes on without protection: ");
        assertThat(end.join().whereabouts()).isEqualTo(Whereabouts.SOURCE);
        assertThat(source.isRunning()).isTrue();
        assertThat(standby.arrived).isEmpty();
        assertWhole(source);
    }

    @Test
    void whenOnlyTheLinkIsCutAMachineWithoutADiskRunsInOnePlace() throws Exception {
        unfenced();
        CompletableFuture<MigrationException> end = protect(PATIENT);
        awaitCheckpoints();
        standby.first.close();
        if (end.join().whereabouts() == Whereabouts.SOURCE) {
            assertThat(standby.arrived).isEmpty();
            assertWhole(source);
        } else {
            assertThat(source.left).isTrue();
            assertGoesOnThere();
        }
    }

    @Test
    void aStandbyThatIsGoneIsNotWaitedForForEver() throws Exception {
        CompletableFuture<MigrationException> end = protect(HASTY);
        awaitCheckpoints();
        standby.unreachable = true;
        standby.first.close();
        assertThat(end.join()).hasMessageContaining("the target does not answer");
        standby.refused.acquire();
        assertThat(source.isRunning()).isTrue();
        assertThat(standby.arrived).isEmpty();
        assertWhole(source);
    }

    /** Both live, and neither hears of the other: the one with the disk goes on, and the other gives up before. */
    @Test
    void aSilentLinkEndsTheProtectionOfAMachineWithADisk() throws Exception {
        CompletableFuture<MigrationException> end = protect(HASTY);
        awaitCheckpoints();
        standby.unreachable = true;
        standby.silent = true;
        assertThat(end.join()).hasMessageContaining("silent for 1000 ms");
        assertThat(standby.refused.tryAcquire()).as("the standby has given up before").isTrue();
        assertThat(source.isRunning()).isTrue();
        assertWhole(source);
    }

    /** As of a host that is gone: the connection has no end. */
    @Test
    void aSilentSourceThatHasGivenUpItsDiskIsGone() throws Exception {
        protect(UNHEARD);
        awaitCheckpoints();
        standby.sourceKilled = true;
        standby.silent = true;
        source.close();
        disk.compareAndSet("source", null);
        assertGoesOnThere();
    }

    /** When it gets it at last, the source has gone on alone, and ended: what the standby knows is old. */
    @Test
    void aStandbyThatGetsTheDiskTooLateGivesItBack() throws Exception {
        CompletableFuture<Void> over = new CompletableFuture<>();
        standby.beforeDisks = _ -> over.join();
        CompletableFuture<MigrationException> end = protect(HASTY);
        awaitCheckpoints();
        standby.unreachable = true;
        standby.first.close();
        assertThat(end.join()).hasMessageContaining("the target does not answer");
        disk.set(null);
        over.complete(null);
        standby.refused.acquire();
        assertThat(disk).hasValue(null);
        assertThat(standby.arrived).isEmpty();
    }

    @Test
    void whatCannotBeHeldBackIsNotProtected() {
        source.profile.put("shared folder", "one");
        assertThat(protect(PATIENT).join()).hasMessage("there is a shared folder");
        assertThat(source.isRunning()).isTrue();
    }

    @Test
    void aMachineThatDiffersIsRefusedWithTheReason() {
        source.profile.put("CPUs", "2");
        assertThat(protect(PATIENT).join()).hasMessage("the machines differ: CPUs is 2 at the source, 1 at the target");
        assertThat(source.isRunning()).isTrue();
        assertThat(source.effects.isHeld()).isFalse();
    }

    /** Wherever a message is torn, what was acknowledged before it holds. */
    @Test
    void whereverTheLinkEndsTheMachineRunsInOnePlace() throws Exception {
        int there = 0;
        SplittableRandom dice = new SplittableRandom(7);
        for (int i = 0; i < 60; i++) {
            long forth = dice.nextLong(1, i % 2 == 0 ? BEFORE_PROTECTED : 400_000);
            there += survivesAt(forth, i % 3 == 0) ? 1 : 0;
        }
        assertThat(there).isBetween(5, 55);
    }

    /** @return whether the standby has it */
    private static boolean survivesAt(long forth, boolean killed) throws Exception {
        ProtectionTest test = new ProtectionTest();
        test.start();
        try {
            test.unfenced();
            test.standby.forth = forth;
            test.standby.cutKillsSource = killed;
            CompletableFuture<MigrationException> end = test.protect(PATIENT);
            if (killed) {
                test.standby.cut.await();
                test.kill();
            }
            boolean protectedOnce = !killed && end.join().whereabouts() == Whereabouts.TARGET || killed && test.tenCheckpoints.getCount() < 10;
            if (killed && !protectedOnce) {
                return false; // the guest has died with the source, as it does without protection
            } else if (protectedOnce) {
                test.assertGoesOnThere();
            } else {
                assertThat(test.source.isRunning()).isTrue();
                assertThat(test.standby.arrived).isEmpty();
                assertWhole(test.source);
            }
            return protectedOnce;
        } finally {
            test.end();
        }
    }

    /** Damaged recordings of a protection: nothing is done beyond what a whole checkpoint says, and no host exception comes out. */
    @Test
    void aHostileSourceIsRefused() throws Exception {
        byte[] recording = record();
        SplittableRandom dice = new SplittableRandom(Long.getLong("lodge.fuzz.seed", 42));
        for (int i = 0; i < HOSTILE_CASES; i++) {
            byte[] damaged = Loopback.damaged(recording, dice);
            try (FakeMachine machine = new FakeMachine("target", new AtomicReference<>())) {
                MigrationLink link = MigrationLink.of(new ByteArrayInputStream(damaged), OutputStream.nullOutputStream());
                assertThat(new MigrationTarget(link, Decisions.inMemory()).run(hello -> machine)).isIn(true, false);
            } catch (IOException refused) {
                assertThat(refused).hasMessageNotContaining("Exception");
            }
        }
    }

    /** What a source sends. */
    private byte[] record() throws IOException {
        source.pause();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        MessageStream stream = new MessageStream(MigrationLink.of(new ByteArrayInputStream(new byte[0]), sent));
        stream.send(MessageType.PROTECT, new Hello(UUID.randomUUID(), source.profile(), false, List.of(), new byte[0]).encode(Duration.ofSeconds(1)));
        PageBatch batch = new PageBatch(source.memory, null);
        for (long checkpoint = 1; checkpoint < 4; checkpoint++) {
            for (long page = 0; page < FakeMachine.PAGES; page += checkpoint) {
                batch.add(page, false);
            }
            stream.send(MessageType.PAGES, batch.take(checkpoint == 2));
            Sender sender = new Sender(stream);
            sender.text(0, "said".getBytes(StandardCharsets.US_ASCII));
            sender.write(0, checkpoint, ByteBuffer.allocate(8));
            stream.send(MessageType.STATE, source.saveState());
            stream.send(MessageType.ALIVE);
            stream.send(MessageType.CHECKPOINT, Checkpoint.encode(checkpoint, true));
        }
        return sent.toByteArray();
    }

    @Test
    void timesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new ProtectionOptions(Duration.ofMillis(-1), Duration.ofSeconds(1), false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ProtectionOptions(Duration.ofMillis(1), Duration.ofMillis(1), false)).isInstanceOf(IllegalArgumentException.class);
    }
}
