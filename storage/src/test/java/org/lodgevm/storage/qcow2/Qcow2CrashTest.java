package org.lodgevm.storage.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.Alone;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.MemoryStore;
import org.lodgevm.storage.Qemu;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.WriteLog;
import org.lodgevm.storage.catalog.Images;

/**
 * Cuts the life of an image off after every single write: as when the process is killed, and as when power is lost, so that
 * of what was not flushed any part is missing.
 */
class Qcow2CrashTest {
    private static final int SIZE = 1 << 18;
    /** {@code -Dlodge.fuzz.factor=N} for a longer life. */
    private static final int LIVELY = 60 * Integer.getInteger("lodge.fuzz.factor", 1);

    private static final Qcow2Format FORMAT = new Qcow2Format();

    /** A state that had been flushed: after so many steps the disk held this. */
    private record Flushed(int step, byte[] content, boolean[] changedSince) {}

    @TempDir
    private Path folder;

    private final WriteLog log = new WriteLog();
    private final List<Flushed> flushes = new ArrayList<>();
    private final Content content = new Content(SIZE, 1);
    private final Random random = new Random(2);
    private int created;

    private void live(String options, int operations) throws IOException {
        FORMAT.create(log, SIZE, CreateOptions.parse(options), new Alone());
        created = log.length();
        try (DiskImage disk = FORMAT.open(log, new Alone())) {
            for (int i = 0; i < operations; i++) {
                step(disk);
            }
        }
        flushes.add(new Flushed(log.length(), content.bytes().clone(), new boolean[SIZE]));
    }

    private void step(DiskImage disk) throws IOException {
        byte[] before = content.bytes().clone();
        switch (random.nextInt(12)) {
            case 0 -> disk.snapshots().create("s" + random.nextInt(3));
            case 1 -> {
                if (!disk.snapshots().list().isEmpty()) {
                    disk.snapshots().delete(disk.snapshots().list().getFirst().id());
                }
            }
            case 2, 3, 4 -> {
                disk.flush();
                flushes.add(new Flushed(log.length(), before, new boolean[SIZE]));
            }
            default -> content.change(disk, 9000);
        }
        for (int i = 0; i < SIZE && !flushes.isEmpty(); i++) {
            flushes.getLast().changedSince[i] |= before[i] != content.bytes()[i];
        }
    }

    /** Whatever changed after the flush may be old, new or zero; the rest is as it was. */
    private void assertSound(byte[] file, int step, boolean lazy) throws IOException {
        MemoryStore store = new MemoryStore(file, true);
        try (DiskImage disk = FORMAT.open(store, new Alone())) {
            CheckReport report = disk.check(Repair.NONE);
            if (!(lazy && disk.info().dirty())) {
                assertThat(report.corruptions()).as("after step %d: %s", step, report.problems()).isZero();
            }
            assertFlushed(Content.of(disk), step);
        }
        MemoryStore writable = new MemoryStore(file, false);
        try (DiskImage disk = FORMAT.open(writable, new Alone())) {
            CheckReport report = disk.check(Repair.NONE);
            assertThat(report.isClean()).as("opened after step %d: %s", step, report.problems()).isTrue();
            disk.write(5, ByteBuffer.wrap(new byte[] {1}));
            assertThat(disk.check(Repair.ALL).corruptions()).isZero();
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
    }

    private void assertFlushed(byte[] disk, int step) {
        Flushed last = null;
        for (Flushed flushed : flushes) {
            last = flushed.step <= step ? flushed : last;
        }
        for (int i = 0; last != null && i < SIZE; i++) {
            if (!last.changedSince[i] && disk[i] != last.content[i]) {
                throw new AssertionError("after step %d the byte at %d is %d; %d had been flushed at step %d".formatted(step, i, disk[i], last.content[i], last.step));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=512", "cluster_size=4k,refcount_bits=8", "cluster_size=512,compat=0.10", "cluster_size=1k,lazy_refcounts=on"})
    void killedAfterAnyWrite(String options) throws IOException {
        live(options, LIVELY);
        for (int step = created; step <= log.length(); step++) {
            assertSound(log.after(step), step, options.contains("lazy"));
        }
        assertThat(log.length() - created).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=512", "cluster_size=4k,refcount_bits=8", "cluster_size=1k,lazy_refcounts=on"})
    void withoutPowerAfterAnyWrite(String options) throws IOException {
        live(options, LIVELY);
        for (int step = created; step <= log.length(); step++) {
            assertSound(log.afterPowerLoss(step, random), step, options.contains("lazy"));
        }
    }

    /** @param ours whether by Lodge, and not by QEMU, which cannot tell of version 2 that it was not closed */
    private static void openForWriting(Path image, boolean ours) throws IOException {
        if (!ours) {
            Qemu.io(image, "qcow2", "read 0 512");
            return;
        }
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            assertThat(disk.isReadOnly()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=512", "cluster_size=512,compat=0.10"})
    void qemuFindsNothingWorseThanLeaksAndNothingOnceTheImageWasOpened(String options) throws IOException {
        live(options, LIVELY);
        Path image = folder.resolve("cut.qcow2");
        for (int step = created; step <= log.length(); step += 1 + random.nextInt(12)) {
            Files.write(image, random.nextBoolean() ? log.after(step) : log.afterPowerLoss(step, random));
            Qemu.Answer answer = Qemu.run("qemu-img", "check", image.toString());
            assertThat(answer.status()).as(answer.text()).isIn(0, 3);
            openForWriting(image, options.contains("compat=0.10") || random.nextBoolean());
            assertThat(Qemu.img("check", image)).contains("No errors");
        }
    }
}
