package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.system.PageTables.GLOBAL;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.PRESENT;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.Cr;

/**
 * What drops cached translations. Each guest reads a page, maps another frame there, does something, and reads again: RDX then tells
 * which of the two frames it saw. @sdm 3A:4.10.4
 */
@OnEveryEngine
class TranslationCacheTest {
    private static final long VA = 0x60_0000;
    private static final long OLD = 0x01d;
    private static final long NEW = 0x4e3;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void mapTheOldFrame() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
        g.put64(Guest.FRAMES, OLD);
        g.put64(Guest.FRAMES + PAGE, NEW);
        g.pages.map(VA, Guest.FRAMES, PAGE, WRITABLE);
    }

    @AfterEach
    void close() {
        g.close();
    }

    /** Reads by the old translation and enters the new one, in the same bits of the entry. */
    private Assembler remap() {
        long entry = g.pages.get(VA, 1) + PAGE;
        return a.mov(RBX, VA).mov(RDX, mem(RBX)).mov(RAX, entry).mov(mem64(null, g.pages.entryAt(VA, 1)), RAX);
    }

    private long seen() {
        Guest.done(a.mov(RDX, mem(RBX)));
        assertThat(g.run().event()).isEqualTo("done");
        return g.gpr(2);
    }

    @Test
    void invlpgDropsThePage() {
        remap().invlpg(mem(RBX, 0x123));
        assertThat(seen()).isEqualTo(NEW);
    }

    @Test
    void invlpgDropsAGlobalPage() {
        g.pages.change(VA, 1, GLOBAL, 0);
        remap().invlpg(mem(RBX));
        assertThat(seen()).isEqualTo(NEW);
    }

    @Test
    void invlpgDropsAllOfALargePage() {
        long far = 0x60_0000 + 0x1f_f000;
        g.pages.mapAt(2, VA, 0x20_0000, WRITABLE);
        g.put64(0x20_0000 + 0x1f_f000, OLD);
        g.put64(0x40_0000 + 0x1f_f000, NEW);
        long entry = g.pages.get(VA, 2) + 0x20_0000;
        a.mov(RBX, far).mov(RDX, mem(RBX)).mov(RAX, entry).mov(mem64(null, g.pages.entryAt(VA, 2)), RAX);
        a.mov(RSI, VA).invlpg(mem(RSI));
        assertThat(seen()).isEqualTo(NEW);
    }

    @Test
    void invlpgDropsAllOfAPageOf1Gib() {
        long page = 4L << 30;
        long directory = Guest.FRAMES;
        g.pages.mapAt(3, page, 0, WRITABLE);
        g.put64(directory + 8 * 2, 0x60_0000 | WRITABLE | PRESENT | PageTables.LARGE);
        g.put64(0x40_0000, OLD);
        g.put64(0x60_0000, NEW);
        a.mov(RBX, page + 0x40_0000).mov(RDX, mem(RBX));
        a.mov(RAX, directory | WRITABLE | PRESENT).mov(mem64(null, g.pages.entryAt(page, 3)), RAX);
        a.mov(RSI, page + 0x3fff_f000L).invlpg(mem(RSI));
        assertThat(seen()).isEqualTo(NEW);
    }

    @Test
    void loadingCr3DropsPagesThatAreNotGlobal() {
        remap().mov(RCX, Creg.CR3).mov(Creg.CR3, RCX);
        assertThat(seen()).isEqualTo(NEW);
    }

    @Test
    void loadingCr3KeepsGlobalPages() {
        g.pages.change(VA, 1, GLOBAL, 0);
        remap().mov(RCX, Creg.CR3).mov(Creg.CR3, RCX);
        assertThat(seen()).isEqualTo(OLD);
    }

    @Test
    void togglingGlobalPagesDropsThemAll() {
        g.pages.change(VA, 1, GLOBAL, 0);
        remap().mov(RCX, Creg.CR4).xor(RCX, Cr.CR4_PGE).mov(Creg.CR4, RCX).xor(RCX, Cr.CR4_PGE).mov(Creg.CR4, RCX);
        assertThat(seen()).isEqualTo(NEW);
    }

    @Test
    void anotherProcessContextDoesNotSeeThePageOfTheFirst() {
        long otherRoot = g.pages.root + 0x4_0000;
        g.put64(otherRoot, g.get64(g.pages.root));
        g.start.cr4 |= Cr.CR4_PCIDE;
        g.start.cr3 |= 1;
        remap().mov(RCX, otherRoot | 2).mov(Creg.CR3, RCX);
        assertThat(seen()).isEqualTo(NEW);
    }

    /** Then either translation may be used, but one is. */
    @Test
    void codeThatIsMappedElsewhereWithoutInvalidationRuns() {
        long other = sameEntry();
        g.memory.write(Guest.FRAMES, new Assembler(VA).mov(EDX, (int) OLD).ret().toBytes());
        g.memory.write(Guest.FRAMES + PAGE, new Assembler(VA).mov(EDX, (int) NEW).ret().toBytes());
        g.memory.write(Guest.FRAMES + 2 * PAGE, new Assembler(other).ret().toBytes());
        g.pages.map(other, Guest.FRAMES + 2 * PAGE, PAGE, WRITABLE);
        a.mov(RBX, VA).call(RBX);
        a.mov(RAX, g.pages.get(VA, 1) + PAGE).mov(mem64(null, g.pages.entryAt(VA, 1)), RAX);
        Guest.done(a.mov(RCX, other).call(RCX).call(RBX));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(2)).isIn(OLD, NEW);
    }

    /** Nobody's address may stand for an empty place among known jump targets: all are the guest's. */
    @Test
    void aJumpToTheLastAddressFindsNothingThatWasForgotten() {
        long target = 0x200_1000; // shares its place with the last address
        g.memory.write(Guest.FRAMES, new Assembler(target).ret().toBytes());
        g.pages.map(target, Guest.FRAMES, PAGE, WRITABLE);
        a.mov(RBX, target).mov(ECX, 100);
        Label again = a.label("again");
        a.call(RBX).sub(ECX, 1).jcc(Cond.NE, again);
        a.mov(RAX, mem(RBX)).mov(mem64(RBX, 0), RAX); // code that may have changed
        a.mov(RAX, -1L).push(RAX).ret();
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x10)");
        assertThat(stop.rip()).isEqualTo(-1);
    }

    /** A page whose fetching pushes {@link #VA} out of the TLB. */
    private static long sameEntry() {
        long page = 1L << 24;
        while (Tlb.fetchEntry(page) != Tlb.fetchEntry(VA)) {
            page += PAGE;
        }
        return page;
    }

    @Test
    void invpcidDropsOneAddress() {
        invpcid(0, 0, VA);
    }

    @Test
    void invpcidDropsOneContext() {
        invpcid(1, 0, 0);
    }

    @Test
    void invpcidDropsAllContextsWithGlobalPages() {
        g.pages.change(VA, 1, GLOBAL, 0);
        invpcid(2, 0, 0);
    }

    @Test
    void invpcidDropsAllContextsWithoutGlobalPages() {
        invpcid(3, 0, 0);
    }

    private void invpcid(int type, long pcid, long address) {
        g.put64(0x5000, pcid);
        g.put64(0x5008, address);
        remap().mov(ECX, type).invpcid(RCX, mem(0x5000));
        assertThat(seen()).isEqualTo(NEW);
    }

    @Test
    void invpcidRefusesUnknownTypes() {
        a.mov(ECX, 4).invpcid(RCX, mem(0x5000));
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void invpcidRefusesAContextWhilePcidIsOff() {
        g.put64(0x5000, 1);
        a.mov(ECX, 1).invpcid(RCX, mem(0x5000));
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }

    @Test
    void aContextIdNeedsPcidEnabledAndCanBeKeptOnALoad() {
        a.mov(RCX, Guest.PAGE_TABLES | 1L << 63).mov(Creg.CR3, RCX);
        Guest.done(a);
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
        g.change(s -> s.cr4 |= Cr.CR4_PCIDE);
        assertThat(g.resume().event()).isEqualTo("done");
        assertThat(g.state().cr3).isEqualTo(Guest.PAGE_TABLES);
    }

    @Test
    void aPageThatAppearsNeedsNoInvalidation() {
        g.pages.put(VA, 1, 0);
        a.mov(RBX, VA).mov(RDX, mem(RBX));
        Guest.done(a);
        assertThat(g.run().event()).isEqualTo("#PF(0x0)");
        g.put64(g.pages.entryAt(VA, 1), Guest.FRAMES + PAGE | PRESENT);
        assertThat(g.resume().event()).isEqualTo("done");
        assertThat(g.gpr(2)).isEqualTo(NEW);
    }
}
