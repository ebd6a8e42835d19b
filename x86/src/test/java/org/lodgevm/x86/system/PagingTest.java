package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.system.PageTables.ACCESSED;
import static org.lodgevm.x86.system.PageTables.DIRTY;
import static org.lodgevm.x86.system.PageTables.LARGE;
import static org.lodgevm.x86.system.PageTables.NO_EXECUTE;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.PRESENT;
import static org.lodgevm.x86.system.PageTables.USER;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Rflags;

/** Translation, rights, accessed and dirty bits, in every paging mode. @sdm 3A:4.6 to 3A:4.8 */
@OnEveryEngine
class PagingTest {
    @Parameter
    Engine engine;

    /** Nothing is mapped there. */
    private static final int VA = 0x60_0000;
    private static final int FRAME = Guest.FRAMES;
    private static final int VALUE = 0x1234_5678;

    @ParameterizedTest
    @EnumSource(names = {"REAL", "FLAT32"}, mode = EXCLUDE)
    void aReadMarksEveryLevelAccessedAndNothingDirty(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, WRITABLE);
            g.put32(FRAME + 8, VALUE);
            Guest.done(g.kernel().mov(EBX, VA + 8).mov(EAX, mem(base(g, EBX))));
            assertThat(g.run().event()).isEqualTo("done");
            assertThat(g.gpr(0)).isEqualTo(VALUE);
            for (int level = 1; level <= marked(mode); level++) {
                assertThat(g.pages.has(VA, level, ACCESSED)).as("level %d", level).isTrue();
            }
            assertThat(g.pages.has(VA, 1, DIRTY)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REAL", "FLAT32"}, mode = EXCLUDE)
    void aWriteMarksThePageDirtyEvenWhenAReadHasCachedItsTranslation(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, WRITABLE);
            Guest.done(g.kernel().mov(EBX, VA).mov(EAX, mem(base(g, EBX))).mov(mem32(base(g, EBX), 4), VALUE));
            assertThat(g.run().event()).isEqualTo("done");
            assertThat(g.get32(FRAME + 4)).isEqualTo(VALUE);
            assertThat(g.pages.has(VA, 1, ACCESSED | DIRTY)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REAL", "FLAT32"}, mode = EXCLUDE)
    void anAbsentPageFaultsAndTheInstructionSucceedsOnceItIsThere(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.put(VA, 1, 0);
            Guest.done(g.kernel().mov(EBX, VA).mov(mem32(base(g, EBX), 0x10), VALUE));
            Stop fault = g.run();
            assertThat(fault.event()).isEqualTo("#PF(0x2)");
            assertThat(fault.cr2()).isEqualTo(VA + 0x10);
            g.pages.map(VA, FRAME, PAGE, WRITABLE);
            assertThat(g.resume().event()).isEqualTo("done");
            assertThat(g.get32(FRAME + 0x10)).isEqualTo(VALUE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REAL", "FLAT32"}, mode = EXCLUDE)
    void anAccessThatIsRefusedLeavesThePageUnmarked(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, WRITABLE);
            g.user().mov(EBX, VA).mov(mem32(base(g, EBX), 0), VALUE);
            Stop fault = g.runUser();
            assertThat(fault.event()).isEqualTo("#PF(0x7)");
            assertThat(g.pages.get(VA, 1) & (ACCESSED | DIRTY)).isZero();
            assertThat(g.get32(FRAME)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REAL", "FLAT32"}, mode = EXCLUDE)
    void rightsAreThoseThatAllLevelsGrant(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, WRITABLE | USER);
            g.pages.change(VA, 2, 0, WRITABLE);
            g.user().mov(EBX, VA).mov(EAX, mem(base(g, EBX))).mov(mem32(base(g, EBX), 0), VALUE);
            Stop fault = g.runUser();
            assertThat(fault.event()).isEqualTo("#PF(0x7)");
            assertThat(g.pages.has(VA, 1, ACCESSED)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REAL", "FLAT32"}, mode = EXCLUDE)
    void theKernelMayWriteReadOnlyPagesUnlessWriteProtectIsOn(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, USER);
            Guest.done(g.kernel().mov(EBX, VA).mov(mem32(base(g, EBX), 0), VALUE));
            assertThat(g.run().event()).isEqualTo("#PF(0x3)");
            g.change(s -> s.cr0 &= ~Cr.CR0_WP);
            assertThat(g.resume().event()).isEqualTo("done");
            assertThat(g.pages.has(VA, 1, DIRTY)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGED32", "PAE", "LONG", "LONG5"})
    void aLargePageIsTranslatedByItsDirectoryEntry(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            int size = mode.entryBytes == 8 ? 2 << 20 : 4 << 20;
            g.pages.mapAt(2, 3 * size, size, WRITABLE);
            Guest.done(g.kernel().mov(EBX, 3 * size + 0x12_3456).mov(mem32(base(g, EBX), 0), VALUE));
            assertThat(g.run().event()).isEqualTo("done");
            assertThat(g.get32(size + 0x12_3456)).isEqualTo(VALUE);
            assertThat(g.pages.has(3 * size, 2, ACCESSED | DIRTY)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LONG", "LONG5"})
    void aGigabytePageIsTranslatedOneLevelHigher(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.mapAt(3, 1L << 30, 0, WRITABLE);
            Guest.done(g.kernel().mov(EBX, (1 << 30) + FRAME).mov(mem32(Gpr.RBX, 0), VALUE));
            assertThat(g.run().event()).isEqualTo("done");
            assertThat(g.get32(FRAME)).isEqualTo(VALUE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGED32", "PAE", "LONG", "LONG5"})
    void reservedBitsOfALargePageFaultWhoeverAsks(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.put(8 << 20, 2, PRESENT | LARGE | (mode.entryBytes == 8 ? 1 << 13 : 1 << 21));
            Guest.done(g.kernel().mov(EBX, 8 << 20).mov(EAX, mem(base(g, EBX))));
            assertThat(g.run().event()).isEqualTo("#PF(0x9)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAE", "LONG", "LONG5"})
    void addressBitsThatTheCpuLacksAreReserved(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.put(VA, 1, FRAME | PRESENT | WRITABLE | 1L << 51);
            Guest.done(g.kernel().mov(EBX, VA).mov(EAX, mem(base(g, EBX))));
            assertThat(g.run().event()).isEqualTo("#PF(0x9)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAE", "LONG", "LONG5"})
    void anExecuteDisabledPageCannotBeFetchedFrom(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, WRITABLE | NO_EXECUTE);
            g.kernel().mov(EBX, VA).mov(EAX, mem(base(g, EBX))).jmp(base(g, EBX));
            Stop fault = g.run();
            assertThat(fault.event()).isEqualTo("#PF(0x11)");
            assertThat(fault.rip()).isEqualTo(VA);
            assertThat(fault.cr2()).isEqualTo(VA);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAE", "LONG", "LONG5"})
    void executeDisableIsReservedWhileNxeIsOff(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, WRITABLE | NO_EXECUTE);
            g.start.msrs.merge(Msr.IA32_EFER, ~Cr.EFER_NXE, (a, b) -> a & b);
            Guest.done(g.kernel().mov(EBX, VA).mov(EAX, mem(base(g, EBX))));
            assertThat(g.run().event()).isEqualTo("#PF(0x9)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGED32", "PAE", "LONG", "LONG5"})
    void smepKeepsTheKernelFromRunningUserPages(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.start.cr4 |= Cr.CR4_SMEP;
            g.kernel().mov(EBX, Guest.USER).jmp(base(g, EBX));
            Guest.done(g.user());
            assertThat(g.run().event()).isEqualTo("#PF(0x11)");
            g.change(s -> s.cr4 &= ~Cr.CR4_SMEP);
            assertThat(g.resume().event()).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGED32", "PAE", "LONG", "LONG5"})
    void smapKeepsTheKernelFromUserDataUnlessAcIsSet(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, USER | WRITABLE);
            g.start.cr4 |= Cr.CR4_SMAP;
            g.kernel().mov(EBX, VA).stac().mov(EAX, mem(base(g, EBX))).clac();
            Guest.done(g.kernel().mov(mem32(base(g, EBX), 0), VALUE));
            Stop fault = g.run();
            assertThat(fault.event()).isEqualTo("#PF(0x3)");
            assertThat(fault.flag(Rflags.AC)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGED32", "PAE", "LONG", "LONG5"})
    void smapIsAskedInEachRound(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.map(VA, FRAME, PAGE, USER | WRITABLE);
            g.start.cr4 |= Cr.CR4_SMAP;
            Label again = new Label("again");
            g.kernel().mov(EBX, VA).mov(ECX, 300).bind(again).stac().inc(mem32(base(g, EBX), 0)).clac().pushf().pop(base(g, EDX));
            Guest.done(g.kernel().dec(ECX).jcc(Cond.NE, again).mov(mem32(base(g, EBX), 0), VALUE));
            assertThat(g.run().event()).isEqualTo("#PF(0x3)");
            assertThat(g.get32(FRAME)).isEqualTo(300);
            assertThat(g.state().gpr[2] & Rflags.AC).isZero();
            assertThat(g.state().gpr[1]).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGED32", "PAE", "LONG", "LONG5"})
    void smapForbidsReadingADescriptorFromAUserPageEvenWithAcSet(Mode mode) {
        try (Guest g = new Guest(engine, mode)) {
            g.pages.change(Guest.GDT, 1, USER, 0);
            g.start.cr4 |= Cr.CR4_SMAP;
            Guest.done(g.kernel().stac().mov(EAX, Guest.DATA).mov(Sreg.ES, AX));
            // the handler's code segment cannot be read either
            assertThat(g.run().event()).isEqualTo("shutdown");
        }
    }

    @Test
    void pdptesAreReadWhenCr3IsLoadedAndNotBefore() {
        try (Guest g = new Guest(engine, Mode.PAE)) {
            g.pages.map(0xc000_0000L, FRAME, PAGE, WRITABLE);
            long pdpte = g.pages.get(0xc000_0000L, 3);
            g.pages.put(0xc000_0000L, 3, 0);
            g.kernel().mov(EBX, 0xc000_0000L).mov(mem32(null, g.pages.entryAt(0xc000_0000L, 3)), pdpte);
            g.kernel().mov(EAX, mem(EBX));
            Guest.done(g.kernel());
            assertThat(g.run().event()).isEqualTo("#PF(0x0)");
            g.change(s -> s.cr3 = Guest.PAGE_TABLES);
            assertThat(g.resume().event()).isEqualTo("done");
        }
    }

    @Test
    void reservedBitsOfAPdpteRefuseTheLoadOfCr3() {
        try (Guest g = new Guest(engine, Mode.PAE)) {
            g.kernel().mov(EAX, Creg.CR3);
            g.kernel().or(mem32(null, g.pages.entryAt(0x4000_0000, 3)), PRESENT | WRITABLE);
            Guest.done(g.kernel().mov(Creg.CR3, EAX));
            assertThat(g.run().event()).isEqualTo("#GP(0x0)");
        }
    }

    /** A PAE PDPTE has no accessed bit. */
    private static int marked(Mode mode) {
        return mode == Mode.PAE ? 2 : mode.levels;
    }

    /** The register in the width that addresses have. */
    private static Gpr base(Guest g, Gpr register) {
        return Gpr.of(register.number(), g.mode.bits);
    }
}
