package org.lodgevm.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.storage.Alone;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.MemoryStore;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.WriteLog;

/** Cuts the life of images off after every write, in order or with unflushed ones lost: of all formats whose disk is a table of blocks. */
class CrashTest {
    private static final int SIZE = 3 << 20;
    private static final int OPERATIONS = 40;

    /** After so many steps this was flushed. */
    private record Flushed(int step, byte[] content, boolean[] changedSince) {}

    private final WriteLog log = new WriteLog();
    private final List<Flushed> flushes = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"vdi, static=off", "vpc, subformat=dynamic", "vmdk, zeroed_grain=on", "vhdx, block_size=1M"})
    void whatWasFlushedIsThere(String name, String options) throws IOException {
        ImageFormat format = Images.format(name);
        format.create(log, SIZE, CreateOptions.parse(options), new Alone());
        int created = log.length();
        live(format);
        Random random = new Random(1);
        for (int step = created; step <= log.length(); step++) {
            assertSound(format, log.after(step), step);
            assertSound(format, log.afterPowerLoss(step, random), step);
        }
    }

    private void live(ImageFormat format) throws IOException {
        Content content = new Content(SIZE, 3);
        Random random = new Random(2);
        try (DiskImage disk = format.open(log, new Alone())) {
            for (int i = 0; i < OPERATIONS; i++) {
                byte[] before = content.bytes().clone();
                if (random.nextInt(4) == 0) {
                    disk.flush();
                    flushes.add(new Flushed(log.length(), before, new boolean[SIZE]));
                } else {
                    content.change(disk, 9000);
                }
                for (int at = 0; at < SIZE && !flushes.isEmpty(); at++) {
                    flushes.getLast().changedSince[at] |= before[at] != content.bytes()[at];
                }
            }
        }
        flushes.add(new Flushed(log.length(), content.bytes().clone(), new boolean[SIZE]));
    }

    private void assertSound(ImageFormat format, byte[] file, int step) throws IOException {
        try (DiskImage disk = format.open(new MemoryStore(file, true), new Alone())) {
            assertThat(disk.check(Repair.NONE).corruptions()).isZero();
            byte[] there = Content.of(disk);
            Flushed last = flushes.stream().filter(flushed -> flushed.step <= step).reduce((a, b) -> b).orElse(null);
            for (int i = 0; last != null && i < SIZE; i++) {
                if (!last.changedSince[i] && there[i] != last.content[i]) {
                    throw new AssertionError("after step %d the byte at %d is %d; %d had been flushed at step %d".formatted(step, i, there[i], last.content[i], last.step));
                }
            }
        }
    }
}
