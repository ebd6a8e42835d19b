package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.PageSet;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Xmm;
import org.lodgevm.x86.state.Cr;

/** A copy of memory that follows the log is the memory once the CPUs stand still, in whichever way they write. */
@OnEveryEngine
@Timeout(60)
class DirtyLogTest {
    private static final long VA = 0x60_0000;
    private static final int PAGES = 256;
    private static final int STOP = 0x5000;
    private static final int COUNT = 0x5100;
    /** In a random number: all of them are zero once in 256 times. */
    private static final int SELDOM = 0xff;
    private static final int ROUNDS = 150;

    @Parameter
    Engine engine;

    @Test
    void noWriteOfTwoCpusIsMissed() {
        try (Guest g = new Guest(engine, Mode.LONG, 2)) {
            g.pages.map(VA, Guest.FRAMES, (PAGES + 1) * PAGE, WRITABLE);
            writeEverywhere(g);
            MemorySegment memory = g.memory.at(0, Guest.RAM);
            MemorySegment copy = MemorySegment.ofArray(new byte[Guest.RAM]);
            try (DirtyLog log = g.log()) {
                CompletableFuture<List<Stop>> run = CompletableFuture.supplyAsync(g::runAll);
                long found = 0;
                copy.copyFrom(memory);
                for (int i = 0; i < ROUNDS; i++) {
                    awaitStores(g);
                    found += copy(log.collect(), memory, copy);
                }
                g.memory.write(STOP, new byte[] {1});
                assertThat(run.join()).extracting(Stop::event).containsOnly("done");
                copy(log.collect(), memory, copy);
                assertThat(memory.mismatch(copy)).isEqualTo(-1);
                assertThat(found).as("not all of it each time").isPositive().isLessThan((long) ROUNDS * Guest.RAM / PAGE);
            }
        }
    }

    /** Lets the CPUs write for a while. */
    private static void awaitStores(Guest g) {
        int before = g.get32(COUNT);
        while (HostMemory.getVolatile32(g.memory.slot(COUNT).host(COUNT)) - before < 300) {
            Thread.onSpinWait();
        }
    }

    private static long copy(PageSet pages, MemorySegment memory, MemorySegment copy) {
        pages.forEach(page -> MemorySegment.copy(memory, page * PAGE, copy, page * PAGE, PAGE));
        return pages.count();
    }

    /** A random offset in RDX. */
    private static void place(Assembler a) {
        a.imul(RBX, RBX, 0x5851_f42d).add(RBX, 0x1405_7b7f).mov(RDX, RBX).shr(RDX, 20).and(RDX, PAGES * PAGE - 1);
    }

    /** Until told to stop: stores of all kinds at random places, and page table entries whose bits the CPU has to set anew. */
    private static void writeEverywhere(Guest g) {
        Assembler a = g.kernel();
        g.start.cr4 |= Cr.CR4_OSFXSR;
        a.lea(RBX, mem(RDI, 0x1234_5677));
        Label again = a.label("again");
        place(a);
        a.mov(mem(RDX, VA), RBX);
        place(a);
        a.lock().xadd(mem64(RDX, VA), RBX);
        place(a);
        a.movdqu(mem(RDX, VA), Xmm.XMM0);
        place(a);
        a.lea(RDI, mem(RDX, VA)).mov(ECX, 300).rep().stosb();
        place(a);
        a.push(mem64(RDX, VA)).pop(mem64(RDX, VA + 16));
        place(a);
        Label kept = new Label("kept");
        a.test(EDX, SELDOM).jcc(NE, kept);
        a.shr(RDX, 12).lock().and(mem(null, RDX, 8, g.pages.entryAt(VA, 1)).bits(8), ~(PageTables.ACCESSED | PageTables.DIRTY));
        a.shl(RDX, 12).invlpg(mem(RDX, VA)).bind(kept).lock().inc(mem32(null, COUNT)).cmp(mem32(null, STOP), 0).jcc(E, again);
        Guest.done(a);
    }
}
