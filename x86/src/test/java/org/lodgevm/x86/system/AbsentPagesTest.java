package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.AbsentPages;
import org.lodgevm.machine.PageSet;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Xmm;
import org.lodgevm.x86.state.Cr;

/** A CPU does the same with memory that comes page by page when it is wanted as with memory that is there, in whichever way it reaches for it. */
@OnEveryEngine
@Timeout(60)
class AbsentPagesTest {
    private static final long VA = 0x60_0000;
    private static final int PAGES = 128;
    private static final int COUNT = 0x5100;
    private static final int STEPS = 2000;
    private static final byte GARBAGE = (byte) 0xa5;

    @Parameter
    Engine engine;

    @Test
    void memoryThatComesWhenItIsWantedIsAsGoodAsAnyOther() {
        assertThat(run(true)).isEqualTo(run(false));
    }

    /** @return all memory in the end */
    private byte[] run(boolean absent) {
        try (Guest g = new Guest(engine, Mode.LONG)) {
            g.pages.map(VA, Guest.FRAMES, (PAGES + 1) * PAGE, WRITABLE);
            byte[] content = new byte[(PAGES + 1) * PAGE];
            new SplittableRandom(5).nextBytes(content);
            g.memory.write(Guest.FRAMES, content);
            program(g);
            assertThat(g.run().event()).isEqualTo("done");
            Thread feeder = absent ? takeAway(g) : null;
            assertThat(g.resume().event()).isEqualTo("done");
            assertThat(g.get32(COUNT)).isEqualTo(STEPS);
            byte[] memory = g.memory.at(0, Guest.RAM).toArray(ValueLayout.JAVA_BYTE);
            if (feeder != null) {
                feeder.interrupt();
            }
            return memory;
        }
    }

    /** Stops once, then reads and writes in several ways at random places, over the ends of pages, too. */
    private static void program(Guest g) {
        Assembler a = g.kernel();
        g.start.cr4 |= Cr.CR4_OSFXSR;
        Guest.done(a);
        a.lea(RBX, mem(RDI, 0x1234_5677));
        Label again = a.label("again");
        place(a);
        a.mov(mem(RDX, VA), RBX);
        place(a);
        a.mov(RAX, mem(RDX, VA)).add(RBX, RAX);
        place(a);
        a.lock().xadd(mem64(RDX, VA), RBX);
        place(a);
        a.movdqu(mem(RDX, VA), Xmm.XMM0);
        place(a);
        a.lea(RSI, mem(RDX, VA));
        place(a);
        a.lea(RDI, mem(RDX, VA)).mov(ECX, 300).rep().movsb();
        place(a);
        a.push(mem64(RDX, VA)).pop(mem64(RDX, VA + 16));
        a.inc(mem32(null, COUNT)).cmp(mem32(null, COUNT), STEPS).jcc(NE, again);
        Guest.done(a);
    }

    /** A random offset in RDX. */
    private static void place(Assembler a) {
        a.imul(RBX, RBX, 0x5851_f42d).add(RBX, 0x1405_7b7f).mov(RDX, RBX).shr(RDX, 20).and(RDX, PAGES * PAGE - 1);
    }

    /** The frames, and the table by which they are found, come one by one when they are wanted. */
    private static Thread takeAway(Guest g) {
        byte[] kept = g.memory.at(0, Guest.RAM).toArray(ValueLayout.JAVA_BYTE);
        PageSet pages = new PageSet(Guest.RAM / PAGE);
        pages.add(Guest.FRAMES, (long) (PAGES + 1) * PAGE);
        pages.add(g.pages.entryAt(VA, 1), 1);
        pages.forEach(page -> g.memory.at(page * PAGE, PAGE).fill(GARBAGE));
        AbsentPages absent = new AbsentPages(pages);
        g.memory.expect(absent);
        BlockingQueue<Long> wanted = new LinkedBlockingQueue<>();
        absent.demand(wanted::add);
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    long gpa = wanted.take() * PAGE;
                    g.memory.arrive(gpa, place -> place.copyFrom(MemorySegment.ofArray(kept).asSlice(gpa, PAGE)));
                }
            } catch (InterruptedException e) {
                // all is there
            }
        });
    }
}
