package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.put8;

import java.lang.foreign.Arena;
import java.util.Set;

/** Replays recorded cases of x87 instructions on {@link X87} and says what differs. */
final class X87Replay {
    private static final int MEMORY_OFFSET = 1024;
    /** The real CPU's answers may be off by a unit in the last place either way; ours are to be no further off than that. */
    static final Set<String> TRANSCENDENTAL = Set.of("f2xm1", "fyl2x", "fyl2xp1", "fptan", "fpatan", "fsin", "fcos", "fsincos");

    private final long block;
    private final X87 x;
    private final FpVectors.Block cases;
    private final X87Binding binding;
    private final boolean approximate;
    /** Results of approximate instructions that were the real CPU's to the last bit, and that were not. */
    int same;
    int close;

    X87Replay(Arena arena, FpVectors.Block cases) {
        block = arena.allocate(4096, 64).address();
        x = new X87(block);
        this.cases = cases;
        binding = new X87Binding(cases.name(), cases.memoryBytes());
        approximate = TRANSCENDENTAL.contains(cases.name());
    }

    /** Runs one case; null if it went as on the real CPU, otherwise what differs. */
    String mismatch(FpVectors.X87Case c) {
        FpVectors.X87Image before = c.before();
        FpVectors.X87Image after = c.after();
        put16(block + FxArea.FCW, before.control());
        put16(block + FxArea.FSW, before.status());
        put8(block + FxArea.FTW, before.tags());
        int top = before.status() >> 11 & 7;
        for (int i = 0; i < 8; i++) {
            long slot = slot(top + i & 7);
            put64(slot, i == 0 ? FpVectors.low64(c.st0()) : i == 1 ? FpVectors.low64(c.st1()) : integer(i));
            put16(slot + 8, i == 0 ? FpVectors.high16(c.st0()) : i == 1 ? FpVectors.high16(c.st1()) : 16383 + (i < 4 ? 1 : 2));
        }
        long memory = block + MEMORY_OFFSET;
        for (int i = 0; i < cases.memoryBytes(); i++) {
            put8(memory + i, c.memory()[i]);
        }
        x.load();
        int eflags = binding.execute(x, memory, before.eflags());
        x.store();
        StringBuilder s = new StringBuilder();
        compare(s, "cw", after.control(), get16(block + FxArea.FCW));
        compare(s, "eflags", after.eflags(), eflags);
        compare(s, "tags", after.tags(), get8(block + FxArea.FTW));
        int ignored = approximate ? ignoredStatus(c) : 0;
        compare(s, "sw", after.status() & ~ignored, get16(block + FxArea.FSW) & ~ignored);
        for (int r = 0; r < 8; r++) {
            compareRegister(s, r, c, top);
        }
        byte[] expected = c.stored() == null ? c.memory() : c.stored();
        for (int i = 0; i < expected.length; i++) {
            if (!isPointer(i)) {
                compare(s, "memory+" + i, expected[i] & 0xff, get8(memory + i));
            }
        }
        return s.isEmpty() ? null : cases.name() + s + " of " + describe(c);
    }

    /** Where the real CPU's result may have been rounded from another side, C1 may differ. */
    private int ignoredStatus(FpVectors.X87Case c) {
        boolean inexact = (c.after().status() & FpContext.PE) != 0;
        return inexact ? X87.C1 : 0;
    }

    private void compareRegister(StringBuilder s, int r, FpVectors.X87Case c, int top) {
        long significand = get64(slot(r));
        int signExponent = get16(slot(r) + 8);
        int i = r - top & 7;
        byte[] expected = c.changed()[r] != null ? c.changed()[r] : i == 0 ? c.st0() : i == 1 ? c.st1() : null;
        long expectedSignificand = expected == null ? integer(i) : FpVectors.low64(expected);
        int expectedSignExponent = expected == null ? 16383 + (i < 4 ? 1 : 2) : FpVectors.high16(expected);
        if (significand == expectedSignificand && signExponent == expectedSignExponent) {
            same += approximate && c.changed()[r] != null ? 1 : 0;
            return;
        }
        if (approximate && Ulps.between(signExponent, significand, expectedSignExponent, expectedSignificand) <= 1) {
            close++;
            return;
        }
        s.append(" r%d: want %04x.%016x got %04x.%016x".formatted(r, expectedSignExponent, expectedSignificand, signExponent, significand));
    }

    /** Whether a byte of a stored environment belongs to the pointers to the last instruction, which this replay does not model. */
    private boolean isPointer(int offset) {
        int environment = switch (cases.memoryBytes()) {
            case 14, 94 -> 14;
            case 28, 108 -> 28;
            default -> 0;
        };
        return offset < environment && offset >= environment * 3 / 7 && (environment == 14 || offset < 26);
    }

    private static void compare(StringBuilder s, String what, int expected, int actual) {
        if (expected != actual) {
            s.append(" %s: want %x got %x".formatted(what, expected, actual));
        }
    }

    private static String describe(FpVectors.X87Case c) {
        StringBuilder memory = new StringBuilder();
        for (int i = c.memory().length - 1; i >= 0; i--) {
            memory.append("%02x".formatted(c.memory()[i]));
        }
        return "st0 %04x.%016x st1 %04x.%016x mem %s %s -> %s".formatted(FpVectors.high16(c.st0()), FpVectors.low64(c.st0()),
                FpVectors.high16(c.st1()), FpVectors.low64(c.st1()), memory, hex(c.before()), hex(c.after()));
    }

    private static String hex(FpVectors.X87Image i) {
        return "cw %x sw %x tags %x fl %x".formatted(i.control(), i.status(), i.tags(), i.eflags());
    }

    /** The significand of a small integer. */
    private static long integer(int i) {
        return (long) i << Long.numberOfLeadingZeros(i);
    }

    private long slot(int register) {
        return block + FxArea.REGISTERS + 16L * register;
    }
}
