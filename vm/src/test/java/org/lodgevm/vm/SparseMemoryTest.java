package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.migration.Decisions;
import org.lodgevm.vm.migration.MigrationLink;
import org.lodgevm.vm.migration.MigrationOptions;
import org.lodgevm.vm.migration.MigrationTarget;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.SnapshotFile;

/** Of a guest that uses little of much memory, copies take little, too, at either side. */
@Timeout(60)
class SparseMemoryTest {
    private static final long MEMORY = 4L << 30;
    /** Megabytes of its memory that the host may have, of all machines of a test. */
    private static final long LITTLE = 128;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOW = 0x12_3000;
    private static final long HIGH = 9L << 29;
    private static final long GIVEN_BACK = 1L << 30;
    private static final long BLOCK = 256 << 20;

    @TempDir
    Path folder;

    private final UUID uuid = UUID.randomUUID();
    private Machine machine;
    private long before;

    private MachineBuilder builder() {
        return MachineTest.builder(FakeAccelerator.IDLE).uuid(uuid).memory(MEMORY);
    }

    @BeforeEach
    void startOne() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "Linux tells how much memory is shared");
        before = sharedMegabytes();
        machine = builder().build();
        machine.start();
        machine.memory().write(LOW, new byte[] {1, 2, 3});
        machine.memory().write(HIGH, new byte[] {4, 5, 6});
    }

    @AfterEach
    void endIt() {
        if (machine != null) {
            machine.close();
        }
    }

    private static long sharedMegabytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(each -> each.startsWith("RssShmem:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
    }

    private void assertFrugal(Machine copy) throws IOException {
        assertThat(sharedMegabytes() - before).as("megabytes that the host gave to machines").isLessThan(LITTLE);
        assertThat(copy.memory().read(LOW, 4)).containsExactly(1, 2, 3, 0);
        assertThat(copy.memory().read(HIGH, 4)).containsExactly(4, 5, 6, 0);
    }

    private Machine move(Machine source, Runnable meanwhile) throws Exception {
        CompletableFuture<Machine> arrived = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (MigrationLink link = MigrationLink.of(server.accept(), PATIENCE)) {
                    Machine made = builder().incoming().build();
                    new MigrationTarget(link, Decisions.inMemory()).run(_ -> made.arriving());
                    arrived.complete(made);
                } catch (IOException | RuntimeException e) {
                    arrived.completeExceptionally(e);
                }
            });
            source.migration(() -> MigrationLink.of(new Socket(server.getInetAddress(), server.getLocalPort()), PATIENCE), new byte[0], MigrationOptions.DEFAULT,
                    progress -> meanwhile.run()).run();
            return arrived.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void movesWithoutReadingWhatWasNeverWritten() throws Exception {
        try (Machine there = move(machine, () -> {})) {
            assertFrugal(there);
        }
    }

    @Test
    void movesLikewiseWithASnapshotThatSharesItsMemory() throws Exception {
        try (MachineSnapshot before = machine.snapshot()) {
            machine.memory().write(HIGH, new byte[] {7});
            machine.restore(before);
            machine.memory().write(HIGH + 1, new byte[] {5});
            try (Machine there = move(machine, () -> {})) {
                assertFrugal(there);
            }
        }
    }

    @Test
    void whatIsReleasedDuringAMoveIsNotReadEither() throws Exception {
        machine.memory().change(GIVEN_BACK, BLOCK, place -> place.fill((byte) 7));
        AtomicBoolean released = new AtomicBoolean();
        try (Machine there = move(machine, () -> {
            if (released.compareAndSet(false, true)) {
                machine.memory().release(GIVEN_BACK, BLOCK);
            }
        })) {
            assertFrugal(there);
            assertThat(there.memory().read(GIVEN_BACK, 4)).containsOnly(0);
        }
    }

    @Test
    void snapshotsAreTakenAndRestoredLikewise() throws Exception {
        for (Compression compression : Compression.values()) {
            Path file = folder.resolve(compression.name());
            machine.snapshot(file, compression);
            try (Machine restored = builder().restore(SnapshotFile.open(file)).build()) {
                restored.start();
                assertFrugal(restored);
            }
        }
    }
}
