package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.R8;
import static org.lodgevm.x86.asm.Gpr.R9;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.system.PageTables.GLOBAL;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.paging.SecondTlb;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.StateBlock;

/** Pages that take turns in the TLB's entries, and address spaces with names. @sdm 4.10 */
@OnEveryEngine
class SecondTlbTest {
    /** Pages so far apart share an entry of the first TLB. */
    private static final int APART = 16 << 20;
    private static final int ONE = 0x60_0000;
    private static final int OTHER = ONE + APART;
    private static final int FRAME_OF_ONE = Guest.FRAMES;
    private static final int FRAME_OF_OTHER = Guest.FRAMES + PAGE;
    private static final int ANOTHER_FRAME = Guest.FRAMES + 2 * PAGE;
    private static final long NO_FLUSH = 1L << 63;
    private static final int RBX_NUMBER = 3;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
        g.pages.map(0, 0, PAGE, WRITABLE);
        g.pages.map(Guest.PAGE_TABLES, Guest.PAGE_TABLES, 0x1_0000, WRITABLE);
        g.pages.map(ONE, FRAME_OF_ONE, PAGE, WRITABLE);
        g.pages.map(OTHER, FRAME_OF_OTHER, PAGE, WRITABLE);
        g.put32(FRAME_OF_ONE, 1);
        g.put32(FRAME_OF_OTHER, 2);
        g.put32(ANOTHER_FRAME, 3);
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** In another block. */
    private Assembler afterwards() {
        Label next = new Label();
        return a.jmp(next).bind(next);
    }

    private static Mem word(int address) {
        return mem(address).bits(32);
    }

    @Test
    void theStateBlockHasRoomForIt() {
        assertThat(StateBlock.SECOND_TLB_BYTES).isEqualTo(SecondTlb.BYTES);
        assertThat(StateBlock.TLB_BYTES).isEqualTo(Tlb.REGIMES * Tlb.REGIME_BYTES);
    }

    @Test
    void pagesTakeTurns() {
        Label round = new Label();
        a.mov(ECX, 1000).bind(round);
        a.add(word(ONE + 4), 1).mov(EAX, word(OTHER + 4)).add(word(ONE + 4), EAX).add(word(OTHER + 4), 2).mov(EDX, word(ONE + 4));
        Guest.done(a.dec(ECX).jcc(Cond.NE, round));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get32(FRAME_OF_OTHER + 4)).isEqualTo(2000);
        assertThat(g.get32(FRAME_OF_ONE + 4)).isEqualTo(1000 + 999 * 1000);
        if (engine == Engine.TRANSLATOR) {
            assertThat(g.cpu().counters().get("exits.tlbMisses")).isBetween(1L, 20L);
        }
    }

    @Test
    void anAccessToTwoPagesIsNotTakenForOneOfTheFirst() {
        g.pages.map(ONE + PAGE, ANOTHER_FRAME, PAGE, WRITABLE);
        Label round = new Label();
        a.mov(ECX, 100).bind(round);
        a.mov(EAX, word(ONE)).mov(EAX, word(OTHER)).add(word(ONE + PAGE - 2), 0x1_0001);
        Guest.done(a.dec(ECX).jcc(Cond.NE, round));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get16(FRAME_OF_ONE + PAGE - 2)).isEqualTo(100);
        assertThat(g.get16(ANOTHER_FRAME)).isEqualTo(103);
    }

    @Test
    void aPageThatIsReadFirstIsNotWrittenToBeforeItIsMarkedDirty() {
        Label round = new Label();
        a.mov(ECX, 3).bind(round);
        a.mov(EAX, word(ONE)).mov(EAX, word(OTHER)).dec(ECX).jcc(Cond.NE, round);
        Guest.done(a.mov(EAX, word(ONE)).mov(word(ONE), ECX));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.pages.has(ONE, 1, PageTables.DIRTY)).isTrue();
        assertThat(g.pages.has(OTHER, 1, PageTables.DIRTY)).isFalse();
    }

    /** Changes what is mapped while another page has the entry. */
    private void remap(Runnable flush) {
        a.mov(EAX, word(ONE)).mov(EAX, word(OTHER));
        a.mov(EAX, ANOTHER_FRAME | (int) (WRITABLE | PageTables.PRESENT)).mov(EBX, (int) g.pages.entryAt(ONE, 1)).mov(mem(RBX), RAX);
        flush.run();
        Guest.done(afterwards().mov(EAX, word(OTHER)).mov(EBX, word(ONE)));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(RBX_NUMBER)).isEqualTo(3);
    }

    @Test
    void aPageThatIsInvalidatedIsLookedUpAgain() {
        remap(() -> a.invlpg(mem(ONE)));
    }

    @Test
    void allPagesAreLookedUpAgainAfterCr3() {
        remap(() -> a.mov(RAX, Creg.CR3).mov(Creg.CR3, RAX));
    }

    @Test
    void globalPagesSurviveCr3AndNotCr4() {
        g.start.cr4 |= Cr.CR4_PGE;
        g.pages.change(ONE, 1, GLOBAL, 0);
        remap(() -> a.mov(RAX, Creg.CR3).mov(Creg.CR3, RAX).mov(RAX, Creg.CR4).xor(RAX, (int) Cr.CR4_PGE).mov(Creg.CR4, RAX));
    }

    /** The entry was a global page's, then a local one's, then is the global one's again by way of the second TLB: and the reverse. */
    @Test
    void localPagesAreForgottenWhereverGlobalOnesWereMeanwhile() {
        g.start.cr4 |= Cr.CR4_PGE;
        g.pages.change(OTHER, 1, GLOBAL, 0);
        remap(() -> afterwards().mov(EAX, word(ONE)).mov(RAX, Creg.CR3).mov(Creg.CR3, RAX));
    }

    // --- address spaces with names -------------------------------------------------------------------------------------

    private static final int FIRST_PCID = 1;
    private static final int SECOND_PCID = 2;

    /** Two address spaces that have different pages at {@link #ONE}; R8 and R9 are their CR3. */
    private void twoSpaces() {
        g.start.cr4 |= Cr.CR4_PCIDE;
        long root = Guest.FRAMES + 0x10 * PAGE;
        long at = root;
        for (int level = 4; level > 0; level--) {
            long entry = g.pages.entryAt(ONE, level);
            for (int i = 0; i < PAGE; i += 8) {
                g.put64((int) at + i, g.get64((int) (entry & -PAGE) + i));
            }
            long next = level > 1 ? at + PAGE : ANOTHER_FRAME;
            g.put64((int) (at + entry % PAGE), next | PageTables.PRESENT | WRITABLE);
            at += PAGE;
        }
        a.mov(R8, g.pages.root | FIRST_PCID).mov(R9, root | SECOND_PCID);
    }

    private void enter(Gpr space, boolean keep) {
        a.mov(RAX, space);
        if (keep) {
            a.mov(RDX, NO_FLUSH).or(RAX, RDX);
        }
        a.mov(Creg.CR3, RAX);
    }

    @Test
    void eachSpaceHasItsOwnPagesHoweverOftenOneGoesFromOneToTheOther() {
        twoSpaces();
        Label round = new Label();
        a.mov(ECX, 5000).mov(EBX, 0).bind(round);
        enter(R8, true);
        a.add(EBX, word(ONE)).mov(EAX, word(OTHER));
        enter(R9, true);
        a.add(EBX, word(ONE));
        Guest.done(a.dec(ECX).jcc(Cond.NE, round));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(RBX_NUMBER)).isEqualTo(5000 * (1 + 3));
        if (engine == Engine.TRANSLATOR) {
            assertThat(g.cpu().counters().get("exits.tlbMisses")).as("without those of dropped generations").isLessThan(5000);
        }
    }

    /** In the second space the first one's page is changed; then the first is gone back to. */
    private void changeFromOutside(boolean keep, Runnable flush) {
        twoSpaces();
        enter(R8, true);
        a.mov(EBX, word(ONE));
        enter(R9, true);
        a.mov(EBX, word(ONE));
        a.mov(EAX, FRAME_OF_OTHER | (int) (WRITABLE | PageTables.PRESENT)).mov(EBX, (int) g.pages.entryAt(ONE, 1)).mov(mem(RBX), RAX);
        flush.run();
        enter(R8, keep);
        Guest.done(a.mov(EBX, word(ONE)));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(RBX_NUMBER)).isEqualTo(2);
    }

    @Test
    void aSpaceThatIsEnteredAnewIsLookedUpAgain() {
        changeFromOutside(false, () -> {});
    }

    @Test
    void aSpaceCanBeInvalidatedFromAnother() {
        changeFromOutside(true, () -> invpcid(1, FIRST_PCID, 0));
    }

    @Test
    void aPageOfAnotherSpaceCanBeInvalidated() {
        changeFromOutside(true, () -> invpcid(0, FIRST_PCID, ONE));
    }

    @Test
    void allSpacesCanBeInvalidated() {
        changeFromOutside(true, () -> invpcid(3, 0, 0));
    }

    private void invpcid(int type, int pcid, long linear) {
        int descriptor = 0x500;
        a.mov(RAX, pcid).mov(mem(descriptor), RAX).mov(RAX, linear).mov(mem(descriptor + 8), RAX);
        a.mov(ECX, type).invpcid(RCX, mem(descriptor));
    }
}
