package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Cond.B;
import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.L;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem16;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.asm.Mem.mem8;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/** Two on the same memory, CPUs or a CPU and a device: what LOCK makes atomic, and the order in which stores are seen. @sdm 3A:9.1, 3A:9.2 */
@OnEveryEngine
class LockedTest {
    private static final int ROUNDS = 50_000;
    private static final int MANY_ROUNDS = 200_000;
    private static final long ENOUGH_NANOS = 1_000_000_000;
    private static final int NO_MORE = -1;
    private static final int START = 0x5000;
    private static final int PLACE = 0x5100;
    private static final int FLAG = 0x5200;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG, 2);
        a = g.kernel();
        Label wait = new Label("wait");
        a.lock().inc(mem32(null, START)).bind(wait).cmp(mem32(null, START), 2).jcc(NE, wait);
    }

    @AfterEach
    void close() {
        if (g != null) {
            g.close();
        }
    }

    /** Both CPUs repeat the same. */
    private void repeat(Consumer<Assembler> body) {
        a.mov(ECX, ROUNDS);
        Label loop = a.label("loop");
        body.accept(a);
        a.dec(ECX).jcc(NE, loop);
        finish();
    }

    private void finish() {
        Guest.done(a);
        assertThat(g.runAll()).extracting(Stop::event).containsOnly("done");
    }

    @Test
    void lockedIncrementsAreAllCounted() {
        repeat(k -> k.lock().inc(mem64(null, PLACE)));
        assertThat(g.get64(PLACE)).isEqualTo(2 * ROUNDS);
    }

    @Test
    void bytesOfOneWordDoNotDisturbEachOther() {
        repeat(k -> k.lock().add(mem8(RDI, PLACE), 3));
        assertThat(g.get16(PLACE)).isEqualTo((ROUNDS * 3 & 0xff) * 0x101);
    }

    @Test
    void misalignedIncrementsWithinAQuadwordAreAllCounted() {
        repeat(k -> k.lock().inc(mem32(null, PLACE + 3)));
        assertThat(g.get32(PLACE + 3)).isEqualTo(2 * ROUNDS);
    }

    @Test
    void incrementsOverACacheLineAreAllCounted() {
        repeat(k -> k.lock().inc(mem32(null, PLACE + 62)));
        assertThat(g.get32(PLACE + 62)).isEqualTo(2 * ROUNDS);
    }

    @Test
    void incrementsBesideRunningCodeAreAllCounted() {
        int besideCode = Guest.KERNEL + 0x800;
        repeat(k -> k.lock().inc(mem32(null, besideCode)));
        assertThat(g.get32(besideCode)).isEqualTo(2 * ROUNDS);
    }

    @Test
    void exchangesOfMemoryAreLockedWithoutAPrefix() {
        guarded(k -> k.mov(EAX, 1).xchg(mem32(null, FLAG), EAX).test(EAX, EAX));
    }

    @Test
    void aCompareAndExchangeIsAtomic() {
        guarded(k -> k.mov(EAX, 0).mov(EDX, 1).lock().cmpxchg(mem32(null, FLAG), EDX).test(EAX, EAX));
    }

    @Test
    void aBitTestAndSetIsAtomic() {
        guarded(k -> k.mov(EAX, 0).lock().bts(mem32(null, FLAG), 5).set(B, AL).test(EAX, EAX));
    }

    @Test
    void aLockBesideRunningCodeIsReleasedByAPlainStore() {
        int besideCode = Guest.KERNEL + 0x808;
        guarded(k -> k.mov(EAX, 1).xchg(mem32(null, besideCode), EAX).test(EAX, EAX), besideCode);
    }

    private void guarded(Consumer<Assembler> acquire) {
        guarded(acquire, FLAG);
    }

    /** A spin lock, whose {@code acquire} leaves ZF set when it was free, around an increment that is not atomic. */
    private void guarded(Consumer<Assembler> acquire, int lock) {
        repeat(k -> {
            Label spin = k.label("spin");
            acquire.accept(k);
            k.jcc(NE, spin).mov(EBX, mem(PLACE)).inc(EBX).mov(mem(PLACE), EBX).mov(mem32(null, lock), 0);
        });
        assertThat(g.get32(PLACE)).isEqualTo(2 * ROUNDS);
    }

    @Test
    void anExchangeAndAddHandsOutEveryNumberOnce() {
        repeat(k -> k.mov(EAX, 1).lock().xadd(mem32(null, PLACE), EAX).lock().add(mem64(null, FLAG), RAX));
        assertThat(g.get64(FLAG)).isEqualTo((2L * ROUNDS - 1) * ROUNDS);
    }

    @Test
    void aWideCompareAndExchangeIsAtomic() {
        repeat(k -> {
            Label again = k.label("again");
            k.mov(EAX, mem(PLACE)).mov(EDX, mem(PLACE + 4)).mov(RSI, RCX).mov(EBX, EAX).inc(EBX).mov(ECX, EDX).dec(ECX);
            k.lock().cmpxchg8b(mem64(null, PLACE)).mov(RCX, RSI).jcc(NE, again);
        });
        assertThat(g.get32(PLACE)).isEqualTo(2 * ROUNDS);
        assertThat(g.get32(PLACE + 4)).isEqualTo(-2 * ROUNDS);
    }

    /** One CPU writes a value and then announces it; the other must not see the announcement first. */
    @Test
    void storesAreSeenInTheirOrder() {
        Label reader = new Label("reader");
        Label end = new Label("end");
        a.mov(EAX, 0).test(EDI, EDI).jcc(NE, reader);
        Label write = a.label("write");
        a.inc(EAX).mov(mem(PLACE), EAX).mov(mem(FLAG), EAX).cmp(EAX, ROUNDS).jcc(NE, write).jmp(end);
        a.bind(reader).mov(EDX, mem(FLAG)).mov(EBX, mem(PLACE)).cmp(EBX, EDX);
        Label late = new Label("late");
        a.jcc(L, late).cmp(EDX, ROUNDS).jcc(NE, reader).jmp(end);
        a.bind(late).inc(mem8(null, START + 8)).bind(end);
        finish();
        assertThat(g.get8(START + 8)).isZero();
    }

    /**
     * How a driver and a device tell each other when to notify: each stores, then looks at what the other has stored. A guest with one CPU
     * is not alone with its memory.
     */
    @Test
    void theOnlyCpuAndADeviceDoNotBothMissWhatTheOtherStored() throws InterruptedException {
        g.close();
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
        Label wait = new Label("wait");
        Label end = new Label("end");
        a.mov(EAX, 0);
        Label round = a.label("round");
        a.inc(EAX).bind(wait).cmp(mem32(null, START), NO_MORE).jcc(E, end).cmp(mem(START), EAX).jcc(NE, wait);
        a.mov(mem(PLACE), EAX).lock().add(mem32(null, PLACE + 0x40), 0).mov(EBX, mem(FLAG)).mov(mem(PLACE + 0x80), EBX).mov(mem(START + 0x40), EAX);
        a.jmp(round).bind(end);
        AtomicInteger missed = new AtomicInteger();
        Thread device = Thread.ofPlatform().start(() -> missed.set(missedBy(g.memory.slot(0).host(0))));
        finish();
        device.join();
        assertThat(missed).hasValue(0);
    }

    /** The device, which gives up early where the two do not run side by side. @return rounds in which neither saw the other's store */
    private static int missedBy(long memory) {
        int missed = 0;
        long end = System.nanoTime() + ENOUGH_NANOS;
        for (int round = 1; round <= MANY_ROUNDS && System.nanoTime() < end; round++) {
            HostMemory.put32(memory + START, round);
            for (int i = round % 64; i > 0; i--) {
                Thread.onSpinWait(); // the CPU needs a while to hear of it: whoever is first must not always be the same
            }
            HostMemory.put32(memory + FLAG, round);
            VarHandle.fullFence();
            boolean seen = HostMemory.get32(memory + PLACE) == round;
            while (HostMemory.getVolatile32(memory + START + 0x40) != round) {
                Thread.onSpinWait();
            }
            missed += seen || HostMemory.get32(memory + PLACE + 0x80) == round ? 0 : 1;
        }
        HostMemory.put32(memory + START, NO_MORE);
        return missed;
    }

    @Test
    void storesOf16BitsNextToEachOtherDoNotTear() {
        Label second = new Label("second");
        Label end = new Label("end");
        a.test(EDI, EDI).mov(ECX, ROUNDS).jcc(NE, second);
        Label one = a.label("one");
        a.inc(mem16(null, PLACE)).dec(ECX).jcc(NE, one).jmp(end);
        a.bind(second).inc(mem16(null, PLACE + 2)).dec(ECX).jcc(NE, second).bind(end);
        finish();
        assertThat(g.get16(PLACE)).isEqualTo(ROUNDS);
        assertThat(g.get16(PLACE + 2)).isEqualTo(ROUNDS);
    }
}
