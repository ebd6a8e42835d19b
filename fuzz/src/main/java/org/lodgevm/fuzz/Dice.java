package org.lodgevm.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Random choices, the same for the same seed. */
public final class Dice {
    private final SplittableRandom random;

    public Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Choices of their own, for another thread. */
    public Dice split() {
        return new Dice(random.nextLong());
    }

    public boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public long below(long bound) {
        return random.nextLong(bound);
    }

    /** From {@code low} to {@code high}, which is among them. */
    public int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    public long bits() {
        return random.nextLong();
    }

    public int of(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public long of(long... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Some of these bits. */
    public long some(long bits) {
        return random.nextLong() & bits;
    }

    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A number of the kind at which things go wrong: about a power of two, small, negative, or any. */
    public long number() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextInt(-16, 17);
            case 2, 3 -> (1L << random.nextInt(64)) + random.nextInt(-2, 3);
            case 4 -> -(1L << random.nextInt(64)) + random.nextInt(-2, 3);
            case 5 -> random.nextInt();
            case 6 -> random.nextLong() >>> random.nextInt(64);
            default -> random.nextLong();
        };
    }
}
