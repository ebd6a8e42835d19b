package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.foreign.Arena;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/** Replays recorded cases of an SSE instruction and says what differs. */
final class SseReplay {
    static final List<Class<?>> CLASSES = List.of(SseArithmetic.class, SseCompare.class, SseHorizontal.class, SseRound.class,
            SseApproximation.class, SseConversion.class);
    /** Twice the error the manual allows: ours and the recording CPU's may point different ways. */
    private static final double ALLOWED = 3 * 0x1p-12;
    private static final int OLD_FLAGS = 0x8d5;

    private final long dst;
    private final long src;
    private final Sse sse = new Sse();
    private final FpVectors.Block cases;
    private final Method method;

    SseReplay(Arena arena, FpVectors.Block cases) {
        dst = arena.allocate(16, 16).address();
        src = arena.allocate(16, 16).address();
        this.cases = cases;
        method = CLASSES.stream().flatMap(c -> Arrays.stream(c.getDeclaredMethods())).filter(m -> m.getName().equals(cases.name()))
                .findFirst().orElseThrow(() -> new AssertionError("no method " + cases.name()));
    }

    /** Runs one case; null if it went as on the real CPU, otherwise what differs. */
    String mismatch(FpVectors.SseCase c) {
        put64(dst, FpVectors.low64(c.destination()));
        put64(dst + 8, FpVectors.high64(c.destination()));
        put64(src, FpVectors.low64(c.source()));
        put64(src + 8, FpVectors.high64(c.source()));
        if (cases.kind() == FpVectors.SSE_TO_MM || cases.kind() == FpVectors.SSE_TO_GPR) {
            put64(dst, 0);
            put64(dst + 8, 0);
        }
        sse.mxcsr = c.mxcsr();
        boolean faulted = false;
        int eflags = OLD_FLAGS;
        try {
            Object returned = invoke();
            if (returned instanceof Integer flags) {
                eflags = flags;
            } else if (returned instanceof Long value) {
                put64(dst, value);
            }
        } catch (SimdFault e) {
            faulted = true;
        }
        StringBuilder s = new StringBuilder();
        if (faulted != c.faulted()) {
            s.append(" faulted ").append(faulted);
        }
        if (sse.mxcsr != c.mxcsrAfter()) {
            s.append(" mxcsr: want %x got %x".formatted(c.mxcsrAfter(), sse.mxcsr));
        }
        if (eflags != c.eflags()) {
            s.append(" eflags: want %x got %x".formatted(c.eflags(), eflags));
        }
        if (!sameResult(c)) {
            s.append(" want %016x%016x got %016x%016x".formatted(FpVectors.high64(c.result()), FpVectors.low64(c.result()),
                    get64(dst + 8), get64(dst)));
        }
        return s.isEmpty() ? null : cases.name() + "," + cases.immediate() + s + " of %016x%016x %016x%016x mxcsr %x -> %x %b".formatted(
                FpVectors.high64(c.destination()), FpVectors.low64(c.destination()), FpVectors.high64(c.source()),
                FpVectors.low64(c.source()), c.mxcsr(), c.mxcsrAfter(), c.faulted());
    }

    private boolean sameResult(FpVectors.SseCase c) {
        long low = FpVectors.low64(c.result());
        long high = FpVectors.high64(c.result());
        if (!cases.name().startsWith("r") || cases.name().startsWith("round")) {
            boolean exact = low == get64(dst) && high == get64(dst + 8);
            return exact || c.faulted() && (cases.kind() == FpVectors.SSE_TO_MM || cases.kind() == FpVectors.SSE_TO_GPR);
        }
        put64(src, low);
        put64(src + 8, high);
        for (int offset = 0; offset < 16; offset += 4) {
            float expected = Float.intBitsToFloat(get32(src + offset));
            float actual = Float.intBitsToFloat(get32(dst + offset));
            double allowed = Math.max(ALLOWED * Math.abs(expected), Float.MIN_NORMAL);
            boolean near = Math.abs(expected - actual) <= allowed && Math.abs(actual) <= Float.MAX_VALUE;
            if (get32(src + offset) != get32(dst + offset) && !near) {
                return false;
            }
        }
        return true;
    }

    private Object invoke() {
        try {
            return switch (method.getParameterCount()) {
                case 2 -> method.invoke(null, sse, src);
                case 3 -> method.invoke(null, sse, dst, src);
                default -> method.invoke(null, sse, dst, src, cases.immediate());
            };
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SimdFault fault) {
                throw fault;
            }
            throw new AssertionError(cases.name(), e);
        } catch (IllegalAccessException e) {
            throw new AssertionError(cases.name(), e);
        }
    }
}
