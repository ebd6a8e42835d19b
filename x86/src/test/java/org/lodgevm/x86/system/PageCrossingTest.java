package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.asm.Xmm.XMM0;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;

/** Accesses that lie over two pages: both are checked before either is touched. */
@OnEveryEngine
class PageCrossingTest {
    private static final int VA = 0x60_0000;
    private static final int FIRST = Guest.FRAMES;
    @Parameter
    Engine engine;

    /** Not the frame after the first. */
    private static final int SECOND = Guest.FRAMES + 0x5_0000;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
        g.pages.map(VA, FIRST, PAGE, WRITABLE);
        g.pages.map(VA + PAGE, SECOND, PAGE, WRITABLE);
    }

    @AfterEach
    void close() {
        g.close();
    }

    private String outcome() {
        Guest.done(a);
        return g.run().event();
    }

    @Test
    void aReadTakesItsBytesFromBothFrames() {
        g.put32(FIRST + PAGE - 4, 0x4433_2211);
        g.put32(SECOND, 0x8877_6655);
        a.mov(EBX, VA + PAGE - 3).mov(RAX, mem(RBX, -1));
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(0x8877_6655_4433_2211L);
    }

    @Test
    void aWritePutsItsBytesIntoBothFrames() {
        a.mov(EBX, VA + PAGE - 1).mov(EAX, 0x4433_2211).mov(mem(RBX), EAX);
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.get8(FIRST + PAGE - 1)).isEqualTo(0x11);
        assertThat(g.get32(SECOND)).isEqualTo(0x0044_3322);
    }

    @Test
    void aReadFaultsWithTheFirstAddressOfTheAbsentPage() {
        g.pages.put(VA + PAGE, 1, 0);
        a.mov(EBX, VA + PAGE - 3).mov(RAX, mem(RBX));
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x0)");
        assertThat(stop.cr2()).isEqualTo(VA + PAGE);
    }

    @Test
    void aWriteToAReadOnlySecondPageWritesNothing() {
        g.pages.change(VA + PAGE, 1, 0, WRITABLE);
        a.mov(EBX, VA + PAGE - 2).mov(mem32(RBX, 0), -1);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x3)");
        assertThat(stop.cr2()).isEqualTo(VA + PAGE);
        assertThat(g.get32(FIRST + PAGE - 4)).isZero();
    }

    @Test
    void aReadModifyWriteFaultsAsAWriteBeforeItHasReadAnything() {
        g.pages.put(VA + PAGE, 1, 0);
        a.mov(EBX, VA + PAGE - 2).stc().adc(mem32(RBX, 0), 1);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x2)");
        assertThat(stop.flag(1)).as("carry").isTrue();
    }

    @Test
    void aLockedUpdateOverTwoPagesIsDone() {
        g.put16(FIRST + PAGE - 2, 0xffff);
        a.mov(EBX, VA + PAGE - 2).lock().add(mem32(RBX, 0), 1);
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.get16(FIRST + PAGE - 2)).isZero();
        assertThat(g.get16(SECOND)).isEqualTo(1);
    }

    @Test
    void aVectorIsStoredWhollyOrNotAtAll() {
        g.pages.put(VA + PAGE, 1, 0);
        g.put64(0x5000, -1);
        g.put64(0x5008, -1);
        a.movups(XMM0, mem(0x5000)).mov(EBX, VA + PAGE - 8).movups(mem(RBX), XMM0);
        assertThat(g.run().event()).isEqualTo("#PF(0x2)");
        assertThat(g.get64(FIRST + PAGE - 8)).isZero();
    }

    @Test
    void anInstructionWhoseSecondPageIsAbsentFaultsThere() {
        g.pages.put(VA + PAGE, 1, 0);
        g.memory.write(FIRST + PAGE - 2, new Assembler(0).mov(ECX, 5).toBytes());
        a.mov(EBX, VA + PAGE - 2).jmp(RBX);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x10)");
        assertThat(stop.rip()).isEqualTo(VA + PAGE - 2);
        assertThat(stop.cr2()).isEqualTo(VA + PAGE);
    }

    @Test
    void aStackOverTwoPagesIsPushedOnByParts() {
        a.mov(EAX, VA + PAGE + 4).xchg(RAX, RSP).push(mem64(null, 0x5000)).xchg(RAX, RSP);
        g.put64(0x5000, 0x1122_3344_5566_7788L);
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.get32(FIRST + PAGE - 4)).isEqualTo(0x5566_7788);
        assertThat(g.get32(SECOND)).isEqualTo(0x1122_3344);
    }
}
