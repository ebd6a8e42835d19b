package org.lodgevm.linux.confine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SpareSignal;
import org.lodgevm.linux.call.SpareSignal.Interrupted;
import org.lodgevm.linux.call.SystemCall;

/**
 * System calls made by each thread of this process, the JVM's own as well: what the kernel keeps for each thread, though a program
 * means all, would otherwise leave gaps. Each thread gets a signal, whose handler makes the calls; new threads inherit from the one
 * that makes them, so that it is done when every thread in {@code /proc/self/task} has made them. The C library changes the user of
 * a process in the same way. Source: signal(7), nptl(7).
 */
final class EveryThread {
    /** A call with up to four arguments. */
    record Call(SystemCall number, long... arguments) {}

    /**
     * The handler. Its table is the outcome (8 bytes), the number of threads that are through (8), and then calls of 40 bytes each:
     * the number, less than 0 after the last one, and four arguments. The first call that fails is the last, and leaves its error as
     * the outcome. Machine code is written out, as no assembler is at hand here; a test compares it with the disassembler's text.
     */
    static final String HANDLER = """
            53
            49 b9 00 00 00 00 00 00 00 00
            49 8d 59 10
            48 8b 03
            48 85 c0
            78 21
            48 8b 7b 08
            48 8b 73 10
            48 8b 53 18
            4c 8b 53 20
            45 31 c0
            0f 05
            48 83 c3 28
            48 85 c0
            79 da
            49 89 01
            f0 49 ff 41 08
            5b
            c3
            """;

    /** Where in it the table's address belongs. */
    static final int TABLE_ADDRESS = 3;

    private static final int OUTCOME = 0;
    private static final int THREADS = 8;
    private static final int CALLS = 16;
    private static final int CALL_BYTES = 40;
    private static final long END = -1;

    private static final int PAGE = 4096;
    private static final long PROT_READ_WRITE = 3;
    private static final long PROT_READ_EXEC = 5;
    private static final long MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final Path TASKS = Path.of("/proc/self/task");
    private static final long STEP_NANOS = 20_000;
    /** A thread that does not answer for so long blocks all signals. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final VarHandle COUNT = JAVA_LONG.varHandle();

    private EveryThread() {}

    /** On return every thread of this process has made the calls. @throws org.lodgevm.linux.call.HostCallException for one that was refused */
    static synchronized void call(List<Call> calls) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(calls, arena);
            MemorySegment code = code(table);
            SpareSignal signal = SpareSignal.handledBy(code, Interrupted.GOES_ON);
            try {
                signalAll(signal, table, calls.getFirst());
            } finally {
                signal.release();
            }
        }
    }

    private static MemorySegment table(List<Call> calls, Arena arena) {
        MemorySegment table = arena.allocate(CALLS + (calls.size() + 1L) * CALL_BYTES, Long.BYTES);
        long at = CALLS;
        for (Call call : calls) {
            table.set(JAVA_LONG, at, call.number().number());
            MemorySegment.copy(call.arguments(), 0, table, JAVA_LONG, at + Long.BYTES, call.arguments().length);
            at += CALL_BYTES;
        }
        table.set(JAVA_LONG, at, END);
        return table;
    }

    static byte[] handler(long table) {
        byte[] code = HexFormat.of().parseHex(HANDLER.replaceAll("\\s", ""));
        ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).putLong(TABLE_ADDRESS, table);
        return code;
    }

    /** It stays: a thread that has made its calls may still be on the way out of it. */
    private static MemorySegment code(MemorySegment table) {
        long address = LibC.systemCall(SystemCall.MMAP, 0, PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        MemorySegment code = MemorySegment.ofAddress(address).reinterpret(PAGE);
        code.copyFrom(MemorySegment.ofArray(handler(table.address())));
        LibC.systemCall(SystemCall.MPROTECT, address, PAGE, PROT_READ_EXEC);
        return code;
    }

    private static void signalAll(SpareSignal signal, MemorySegment table, Call first) {
        Set<Integer> done = new HashSet<>();
        boolean found;
        do {
            found = false;
            for (int thread : threads()) {
                if (done.add(thread)) {
                    found = true;
                    signal(signal, thread, table, first);
                }
            }
        } while (found);
    }

    private static void signal(SpareSignal signal, int thread, MemorySegment table, Call first) {
        long before = (long) COUNT.getVolatile(table, (long) THREADS);
        if (!signal.send(thread)) {
            return;
        }
        long began = System.nanoTime();
        while ((long) COUNT.getVolatile(table, (long) THREADS) == before && Files.exists(TASKS.resolve(Integer.toString(thread)))) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                throw new IllegalStateException("thread %d of this process does not answer signals".formatted(thread));
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        long outcome = (long) COUNT.getVolatile(table, (long) OUTCOME);
        LibC.check(first.number() + " and what follows, by thread " + thread, Math.min(0, outcome));
    }

    private static List<Integer> threads() {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.map(task -> Integer.parseInt(task.getFileName().toString())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the threads of this process cannot be listed", e);
        }
    }
}
