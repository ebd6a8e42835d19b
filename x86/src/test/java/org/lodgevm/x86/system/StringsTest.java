package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.ESI;
import static org.lodgevm.x86.asm.Mem.mem8;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.state.Rflags;

/** Repeated string instructions that are interrupted: they go on where they were. @sdm 2B "REP" */
@OnEveryEngine
class StringsTest {
    private static final int FROM = 0x60_0000;
    private static final int TO = 0x70_0000;
    private static final int RCX = 1;
    private static final int RSI = 6;
    private static final int RDI = 7;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
        g.pages.map(FROM, Guest.FRAMES, 2 * PAGE, WRITABLE);
        g.pages.map(TO, Guest.FRAMES + 0x1_0000, PAGE, WRITABLE);
        for (int i = 0; i < 2 * PAGE; i += 4) {
            g.put32(Guest.FRAMES + i, i);
        }
    }

    @AfterEach
    void close() {
        g.close();
    }

    @Test
    void aCopyThatFaultsGoesOnOnceThePageIsThere() {
        a.mov(ESI, FROM).mov(EDI, TO).mov(ECX, 2 * PAGE / 4);
        Label movs = a.label("movs");
        Guest.done(a.rep().movsd());
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x2)");
        assertThat(stop.rip()).isEqualTo(movs.address());
        assertThat(stop.cr2()).isEqualTo(TO + PAGE);
        assertThat(g.gpr(RCX)).isEqualTo(PAGE / 4);
        assertThat(g.gpr(RSI)).isEqualTo(FROM + PAGE);
        assertThat(g.gpr(RDI)).isEqualTo(TO + PAGE);
        g.pages.map(TO + PAGE, Guest.FRAMES + 0x1_1000, PAGE, WRITABLE);
        assertThat(g.resume().event()).isEqualTo("done");
        assertThat(g.gpr(RCX)).isZero();
        assertThat(g.get32(Guest.FRAMES + 0x1_0000 + 2 * PAGE - 4)).isEqualTo(2 * PAGE - 4);
    }

    @Test
    void anElementOverAPageBoundaryIsWrittenWhollyOrNotAtAll() {
        a.mov(ESI, FROM).mov(EDI, TO + PAGE - 6).mov(ECX, 4).rep().movsd();
        Stop stop = g.run();
        assertThat(stop.cr2()).isEqualTo(TO + PAGE);
        assertThat(g.gpr(RCX)).isEqualTo(3);
        assertThat(g.get16(Guest.FRAMES + 0x1_0000 + PAGE - 2)).isZero();
    }

    /** 160 and what is with them are some 43 KiB of host code, 196 more than a translation may have. */
    @ParameterizedTest
    @ValueSource(ints = {160, 196})
    void theEndOfALongRowOfThemFaultsAsAnyOtherCode(int count) {
        Label loop = new Label();
        a.mov(ECX, 0).mov(EDI, TO).bind(loop);
        for (int i = 0; i < count; i++) {
            a.rep().movsb();
        }
        Label store = a.label("store");
        a.mov(mem8(Gpr.RDI, 0), AL).add(EDI, PAGE / 8).jmp(loop);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x2)");
        assertThat(stop.rip()).isEqualTo(store.address());
        assertThat(stop.cr2()).isEqualTo(TO + PAGE);
    }

    @Test
    void aDescendingFillCountsDown() {
        a.std().mov(EAX, 0x1d1d_1d1d).mov(EDI, TO + 12).mov(ECX, 3);
        Guest.done(a.rep().stosd());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(RDI)).isEqualTo(TO);
        assertThat(g.get32(Guest.FRAMES + 0x1_0000)).isZero();
        assertThat(g.get32(Guest.FRAMES + 0x1_0004)).isEqualTo(0x1d1d_1d1d);
    }

    @Test
    void anOverlappingCopyRepeatsItsPattern() {
        g.put32(Guest.FRAMES, 0x0302_0100);
        a.mov(ESI, FROM).mov(EDI, FROM + 4).mov(ECX, 64);
        Guest.done(a.rep().movsb());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get32(Guest.FRAMES + 64)).isEqualTo(0x0302_0100);
    }

    /** The two are as far apart as pages must be that share an entry of a TLB of 4,096. */
    @Test
    void aCopyOverManyPagesComesToItsEnd() {
        int to = FROM + (16 << 20);
        g.pages.map(to, Guest.FRAMES + 0x1_0000, 3 * PAGE, WRITABLE);
        a.mov(ESI, FROM + 8).mov(EDI, to + 0x988).mov(ECX, 2 * PAGE / 8 - 1);
        Guest.done(a.rep().movsq());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(RCX)).isZero();
        assertThat(g.gpr(RSI)).isEqualTo(FROM + 2 * PAGE);
        assertThat(g.gpr(RDI)).isEqualTo(to + 0x980 + 2 * PAGE);
        for (int i = 8; i < 2 * PAGE; i += 4) {
            assertThat(g.get32(Guest.FRAMES + 0x1_0980 + i)).isEqualTo(i);
        }
        assertThat(g.get32(Guest.FRAMES + 0x1_0984)).isZero();
        assertThat(g.get32(Guest.FRAMES + 0x1_0980 + 2 * PAGE)).isZero();
    }

    @Test
    void elementsOverPageBoundariesAreCopiedWithTheOthers() {
        g.pages.map(TO, Guest.FRAMES + 0x1_0000, 3 * PAGE, WRITABLE);
        a.mov(ESI, FROM + 6).mov(EDI, TO + 3).mov(ECX, 2 * PAGE / 8 - 1);
        Guest.done(a.rep().movsq());
        assertThat(g.run().event()).isEqualTo("done");
        for (int i = 8; i < 2 * PAGE - 4; i += 4) {
            assertThat(g.get32(Guest.FRAMES + 0x1_0000 - 3 + i)).isEqualTo(i);
        }
        assertThat(g.gpr(RDI)).isEqualTo(TO + 2 * PAGE - 5);
    }

    @Test
    void aPatternIsRepeatedOverPages() {
        g.put32(Guest.FRAMES, 0x0302_0100);
        a.mov(ESI, FROM).mov(EDI, FROM + 4).mov(ECX, 2 * PAGE - 4);
        Guest.done(a.rep().movsb());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get32(Guest.FRAMES + 2 * PAGE - 4)).isEqualTo(0x0302_0100);
    }

    @Test
    void aFillGoesOnOverPages() {
        a.mov(EAX, 0x2e2e_2e2e).mov(EDI, FROM + 2).mov(ECX, 2 * PAGE / 4 - 1);
        Guest.done(a.rep().stosd());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get16(Guest.FRAMES)).isZero();
        for (int i = 2; i < 2 * PAGE - 2; i += 4) {
            assertThat(g.get32(Guest.FRAMES + i)).isEqualTo(0x2e2e_2e2e);
        }
        assertThat(g.gpr(RDI)).isEqualTo(FROM + 2 * PAGE - 2);
    }

    @Test
    void aComparisonStopsAtTheFirstDifference() {
        g.put8(Guest.FRAMES + 0x1_0000 + 5, 1);
        g.pages.map(FROM, Guest.FRAMES + 0x2_0000, PAGE, WRITABLE);
        a.mov(ESI, FROM).mov(EDI, TO).mov(ECX, 100);
        Guest.done(a.rep().cmpsb());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(RCX)).isEqualTo(94);
        assertThat(g.state().rflags & Rflags.ZF).isZero();
    }

    @Test
    void anInterruptComesBetweenElementsWithTheResumeFlagSaved() {
        a.mov(ESI, FROM).mov(EDI, TO).mov(ECX, PAGE).mov(AL, 0x40).out(GuestCpu.RAISE, AL).sti();
        Label movs = a.label("movs");
        Guest.done(a.rep().movsb());
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("interrupt 0x40");
        assertThat(stop.rip()).isEqualTo(movs.address());
        assertThat(stop.flag(Rflags.RF)).isTrue();
        assertThat(g.gpr(RCX)).as("after STI's shadow").isLessThan(PAGE).isPositive();
        assertThat(g.resume().event()).isEqualTo("done");
        assertThat(g.get32(Guest.FRAMES + 0x1_0000 + PAGE - 4)).isEqualTo(PAGE - 4);
    }

    @Test
    void inputFaultsBeforeThePortIsRead() {
        g.start.gpr[2] = GuestCpu.COUNTER;
        a.mov(EDI, TO + PAGE).insb();
        assertThat(g.run().event()).isEqualTo("#PF(0x2)");
        assertThat(g.cpu().reads()).isZero();
        g.pages.map(TO + PAGE, Guest.FRAMES + 0x2_0000, PAGE, WRITABLE);
        g.resume();
        assertThat(g.cpu().reads()).isEqualTo(1);
    }

    @Test
    void addressesOf32BitsWrap() {
        g.pages.map(0xffff_f000L, Guest.FRAMES + 0x3_0000, PAGE, WRITABLE);
        a.mov(EAX, 0x5b).mov(EDI, 0xffff_fffeL).mov(ECX, 4);
        Guest.done(a.rep().db(0x67).stosb());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(RDI)).isEqualTo(2);
        assertThat(g.get16(0)).isEqualTo(0x5b5b);
        assertThat(g.get16(Guest.FRAMES + 0x3_0ffe)).isEqualTo(0x5b5b);
    }
}
