package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;

class HeldWritesTest {
    /** The last block is cut short. */
    private static final int SIZE = 20 * HeldWrites.BLOCK + 512;

    private static final int STEPS = 3000;

    @TempDir
    Path folder;

    /** Beside arrays: what the guest sees, and what is on the disk. */
    @Test
    void theGuestSeesItsWritesAndTheDiskThoseThatWereCommitted() throws IOException {
        Path file = folder.resolve("disk.raw");
        byte[] seen = new byte[SIZE];
        SplittableRandom dice = new SplittableRandom(3);
        dice.nextBytes(seen);
        Files.write(file, seen);
        byte[] onDisk = seen.clone();
        Deque<byte[]> cuts = new ArrayDeque<>();
        int[] written = new int[1];
        try (HeldWrites disk = new HeldWrites(Disks.open(new DeviceSpec.Disk(file.toString(), "raw", false, ""), Access.WRITE), () -> written[0]++)) {
            for (int i = 0; i < STEPS; i++) {
                int offset = dice.nextInt(SIZE);
                int length = dice.nextInt(1, Math.min(3 * HeldWrites.BLOCK, SIZE - offset) + 1);
                switch (dice.nextInt(8)) {
                    case 0, 1, 2 -> {
                        byte[] bytes = new byte[length];
                        dice.nextBytes(bytes);
                        disk.write(offset, ByteBuffer.wrap(bytes));
                        System.arraycopy(bytes, 0, seen, offset, length);
                    }
                    case 3 -> {
                        disk.writeZeroes(offset, length, false);
                        Arrays.fill(seen, offset, offset + length, (byte) 0);
                    }
                    case 4 -> {
                        disk.cut();
                        cuts.add(seen.clone());
                    }
                    case 5 -> {
                        if (!cuts.isEmpty()) {
                            disk.commit();
                            onDisk = cuts.remove();
                            assertThat(Files.readAllBytes(file)).isEqualTo(onDisk);
                        }
                    }
                    default -> {
                        ByteBuffer read = ByteBuffer.allocate(length);
                        disk.read(offset, read);
                        assertThat(read.array()).isEqualTo(Arrays.copyOfRange(seen, offset, offset + length));
                        disk.flush();
                    }
                }
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(onDisk);
            disk.commitAll();
            assertThat(disk.bytes()).isZero();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(seen);
        assertThat(written[0]).isPositive();
    }

    @Test
    void thePiecesOfAPartAreAllThatWasWritten() throws IOException {
        Path file = folder.resolve("disk.raw");
        Files.write(file, new byte[SIZE]);
        byte[] replayed = new byte[SIZE];
        byte[] seen = new byte[SIZE];
        try (HeldWrites disk = new HeldWrites(Disks.open(new DeviceSpec.Disk(file.toString(), "raw", false, ""), Access.WRITE), () -> {})) {
            for (int offset : new int[] {100, HeldWrites.BLOCK, 5 * HeldWrites.BLOCK + 1, SIZE - 3}) {
                disk.write(offset, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                System.arraycopy(new byte[] {1, 2, 3}, 0, seen, offset, 3);
            }
            disk.forEachPiece(disk.cut(), (offset, bytes) -> bytes.get(replayed, (int) offset, bytes.remaining()));
        }
        assertThat(replayed).isEqualTo(seen);
        assertThat(Files.readAllBytes(file)).as("nothing was committed").containsOnly(0);
    }
}
