package org.lodgevm.image;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** What may have become of a file on its way: bits flipped, bytes changed, runs of the same, the end cut off. */
public final class Damage {
    /** {@code -Dlodge.fuzz.seed=N} for other damage than the last time. */
    private static final long SEED = Long.getLong("lodge.fuzz.seed", 11);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Reads a file; what it may throw is for it to catch. */
    public interface Reader {
        void read(byte[] file) throws Exception;
    }

    private Damage() {}

    /** Has files read in so many damaged versions; it must end soon. */
    public static void read(int versions, Reader reader, byte[]... sound) {
        Random random = new Random(SEED);
        assertTimeoutPreemptively(PATIENCE, () -> {
            for (int i = 0; i < versions; i++) {
                reader.read(damaged(sound[i % sound.length], random));
            }
        });
    }

    private static byte[] damaged(byte[] sound, Random random) {
        byte[] damaged = random.nextInt(5) == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
        for (int i = random.nextInt(8); i >= 0 && damaged.length > 0; i--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt();
                case 2 -> System.arraycopy(sound, random.nextInt(sound.length), damaged, at, 1);
                default -> Arrays.fill(damaged, at, Math.min(damaged.length, at + 8), (byte) (random.nextInt(3) * 0x7f));
            }
        }
        return damaged;
    }
}
