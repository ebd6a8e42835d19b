package org.lodgevm.storage;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** Makes files that somebody has tampered with, out of sound ones. */
public final class Damage {
    /** {@code -Dlodge.fuzz.seed=N} begins elsewhere, {@code -Dlodge.fuzz.factor=N} tries so many times more. */
    private static final long SEED = Long.getLong("lodge.fuzz.seed", 23);

    private static final int FACTOR = Integer.getInteger("lodge.fuzz.factor", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(100L * FACTOR);

    /** Numbers that programs trip over. */
    private static final long[] EDGES = {0, 1, -1, 2, 8, 9, 21, 63, 64, 511, 512, 513, 1 << 16, Integer.MAX_VALUE, Integer.MIN_VALUE,
        0x1_0000_0000L, 0x1_0000_0001L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62, 1L << 55, 1L << 40, 0x7fff_ffff_ffff_fe00L};

    /** Has to do with a damaged file; what may be thrown is for it to catch. */
    public interface Victim {
        void use(byte[] file) throws Exception;
    }

    private Damage() {}

    /** Hands out so many damaged versions of some files; all must be over before long. A failure names the seed. */
    public static void inflict(int versions, Victim victim, byte[]... sound) {
        assertTimeoutPreemptively(PATIENCE, () -> {
            for (int i = 0; i < versions * FACTOR; i++) {
                long seed = SEED * 1_000_003 + i;
                try {
                    victim.use(damaged(sound[i % sound.length], new Random(seed)));
                } catch (Throwable e) {
                    throw new AssertionError("damage of seed %d: %s".formatted(seed, e), e);
                }
            }
        });
    }

    /** Mostly near the beginning, where headers are, and in words, of which tables consist. */
    static byte[] damaged(byte[] sound, Random random) {
        byte[] damaged = random.nextInt(12) == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
        ByteBuffer bytes = ByteBuffer.wrap(damaged);
        for (int i = random.nextInt(6); i >= 0 && damaged.length > Long.BYTES; i--) {
            int range = random.nextInt(3) == 0 ? Math.min(damaged.length, 200) : damaged.length;
            int at = random.nextInt(range - Long.BYTES + 1);
            int aligned = at & -(random.nextBoolean() ? 8 : 4);
            switch (random.nextInt(6)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt();
                case 2 -> bytes.putLong(aligned, EDGES[random.nextInt(EDGES.length)]);
                case 3 -> bytes.putInt(aligned, (int) EDGES[random.nextInt(EDGES.length)]);
                case 4 -> bytes.putLong(aligned, bytes.getLong(random.nextInt(damaged.length - Long.BYTES + 1) & -8));
                default -> bytes.putLong(aligned, bytes.getLong(aligned) + (random.nextInt(9) - 4) * 512L);
            }
        }
        return damaged;
    }
}
