package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Cond.B;
import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBP;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.interpret.JitAccelerator;

/** The same code, mapped at several addresses, is translated once; and jumps between pages lead to what is mapped there now. */
class MovedCodeTest {
    private static final int CODE_BYTES = 1 << 20;
    private static final int RESULTS = 0x5000;
    private static final int DATA = PAGE + 0x800;
    private static final int VALUE = 0x1234_5678;
    /** Addresses of every size of constant: of user programs, of the kernel, at both ends of what is canonical, and just anywhere. */
    private static final List<Long> PLACES = List.of(
            0x60_0000L, 0x5555_5555_4000L, 0x5612_3456_7000L, 0x7f12_3456_7000L, 0x4000_0000L, 0x9000_0000L, 0xffff_ffff_8100_0000L,
            0xffff_ffff_a123_4000L, 0xffff_8880_0000_0000L, 0x7fff_ffff_d000L, 0xffff_8000_0000_0000L, 0xffff_ffff_ffff_d000L, 0x1_0000_0000L);

    @BeforeEach
    void needsTheTranslator() {
        assumeTrue(Engine.available().contains(Engine.TRANSLATOR), "no translator on this host");
    }

    private static Guest guest(Mode mode, int cpus) {
        return new Guest(new JitAccelerator(0, CODE_BYTES), null, mode, cpus);
    }

    private static long counted(Guest guest, String name) {
        return guest.cpu().counters().get(name);
    }

    /** Two pages: RAX becomes the sum of an address in the second page, what is stored there, and an address in the first page. */
    private static Assembler function(long place) {
        Label data = Label.at("data", place + DATA);
        Label other = new Label();
        Label back = new Label();
        Label loop = new Label();
        Label none = new Label();
        Assembler a = new Assembler(place).lea(RAX, mem(data)).mov(ECX, 3).bind(loop).dec(ECX).jcc(NE, loop).add(RAX, mem(data)).call(other);
        a.bind(back).cmp(mem(data).bits(32), VALUE).jcc(NE, none).ret().bind(none).mov(EAX, 0).ret();
        return a.align(PAGE, 0x90).bind(other).add(RAX, mem(RSP)).push(RCX).pop(RCX).ret();
    }

    private static long returnedBy(long place) {
        int afterCall = 7 + 5 + 2 + 2 + 7 + 5;
        return place + DATA + VALUE + place + afterCall;
    }

    /** Calls all places twice, in order; their results lie in a row. */
    private static void callAll(Guest guest, List<Long> places) {
        guest.memory.write(Guest.FRAMES, function(0x10_0000).toBytes());
        guest.put32(Guest.FRAMES + DATA, VALUE);
        for (int i = 0; i < places.size(); i++) {
            guest.pages.map(places.get(i), Guest.FRAMES, 2L * PAGE, WRITABLE);
            guest.kernel().mov(RBX, places.get(i)).call(RBX).mov(RSI, RAX).call(RBX).add(RAX, RSI);
            guest.kernel().mov(mem64(null, RESULTS + 8 * i), RAX);
        }
        Guest.done(guest.kernel());
        assertThat(guest.run().event()).isEqualTo("done");
        for (int i = 0; i < places.size(); i++) {
            assertThat(guest.get64(RESULTS + 8 * i)).as("at %x", places.get(i)).isEqualTo(2 * returnedBy(places.get(i)));
        }
    }

    @Test
    void codeIsRightWhereverItIsMapped() {
        try (Guest guest = guest(Mode.LONG, 1)) {
            callAll(guest, PLACES);
            assertThat(counted(guest, "copiedRegions")).isGreaterThan(counted(guest, "regions"));
        }
        try (Guest guest = guest(Mode.LONG, 1)) {
            callAll(guest, PLACES.reversed());
        }
    }

    @Test
    void codeOfUserProgramsIsTranslatedOnce() {
        long alone;
        try (Guest guest = guest(Mode.LONG, 1)) {
            callAll(guest, List.of(PLACES.get(1)));
            alone = counted(guest, "regions");
        }
        try (Guest guest = guest(Mode.LONG, 1)) {
            callAll(guest, PLACES.subList(1, 4));
            assertThat(counted(guest, "copiedRegions")).isGreaterThan(counted(guest, "regions"));
            // what calls it is new code, of one page
            assertThat(counted(guest, "regions")).isLessThan(alone + 6);
        }
    }

    @Test
    void codeOf32BitsIsRightWhereverItIsMapped() {
        List<Integer> places = List.of(0x60_0000, 0x4000_0000, 0x7fff_f000, 0x8000_0000, 0xc123_4000, 0xffff_e000);
        try (Guest guest = guest(Mode.PAE, 1)) {
            Label next = new Label();
            Assembler function = Mode.PAE.assembler(0x10_0000).call(next).bind(next).pop(EAX).ret();
            guest.memory.write(Guest.FRAMES, function.toBytes());
            for (int i = 0; i < places.size(); i++) {
                guest.pages.map(Integer.toUnsignedLong(places.get(i)), Guest.FRAMES, PAGE, WRITABLE);
                guest.kernel().mov(EBX, places.get(i)).call(EBX).call(EBX).mov(mem32(null, RESULTS + 4 * i), EAX);
            }
            Guest.done(guest.kernel());
            assertThat(guest.run().event()).isEqualTo("done");
            for (int i = 0; i < places.size(); i++) {
                assertThat(guest.get32(RESULTS + 4 * i)).isEqualTo(places.get(i) + 5);
            }
            assertThat(counted(guest, "copiedRegions")).isGreaterThan(counted(guest, "regions"));
        }
    }

    @Test
    void aCpuFindsWhatAnotherHasTranslated() {
        try (Guest guest = guest(Mode.LONG, 2)) {
            callAll(guest, PLACES);
            guest.cpu(1).state(guest.start);
            assertThat(guest.cpu(1).run().event()).isEqualTo("done");
            assertThat(guest.cpu(1).counters().get("regions")).isZero();
            assertThat(guest.cpu(1).counters().get("copiedRegions")).isPositive();
        }
    }

    @Test
    void translationsAreFoundAgainWhenTheCodeMemoryWasFull() {
        int functions = 60;
        int place = 0x7_0000;
        try (Guest guest = new Guest(new JitAccelerator(0, 64 << 10), null, Mode.LONG, 1)) {
            for (int i = 0; i < functions; i++) {
                Assembler function = new Assembler(place + 32 * i).add(mem32(null, RESULTS), i).add(EAX, mem(RESULTS)).mov(EAX, 0).ret();
                guest.memory.write(place + 32 * i, function.toBytes());
            }
            Label rounds = new Label();
            Label calls = new Label();
            Assembler a = guest.kernel().mov(RDI, 6).bind(rounds).mov(RBX, place).bind(calls).call(RBX);
            a.add(RBX, 32).cmp(RBX, place + 32 * functions).jcc(NE, calls).dec(RDI).jcc(NE, rounds);
            Guest.done(a);
            assertThat(guest.run().event()).isEqualTo("done");
            assertThat(guest.get32(RESULTS)).isEqualTo(6 * functions * (functions - 1) / 2);
            assertThat(counted(guest, "regions")).isLessThan(2 * functions);
            assertThat(counted(guest, "copiedRegions")).isGreaterThan(counted(guest, "regions"));
        }
    }

    // --- jumps from one page to another ----------------------------------------------------------------------------------------

    private static final int CALLER = 0x60_0000;

    /** A caller of whatever is in the page behind it, and frames of functions that return 0, 1, 2... */
    private static void mapCaller(Guest guest, int frames) {
        Assembler caller = new Assembler(CALLER).call(Label.at("next page", CALLER + PAGE)).ret();
        guest.memory.write(Guest.FRAMES, caller.toBytes());
        for (int i = 0; i < frames; i++) {
            guest.memory.write(Guest.FRAMES + (i + 1) * PAGE, new Assembler(CALLER + PAGE).mov(EAX, i).ret().toBytes());
        }
        guest.pages.map(CALLER, Guest.FRAMES, 2L * PAGE, WRITABLE);
    }

    @Test
    void aJumpLeadsToThePageThatIsMappedNow() {
        int frames = 5;
        try (Guest guest = guest(Mode.LONG, 1)) {
            mapCaller(guest, frames);
            Label rounds = new Label();
            Label each = new Label();
            Assembler a = guest.kernel().mov(RBX, CALLER).mov(RBP, CALLER + PAGE).mov(RDI, 3).mov(RSI, 0);
            a.bind(rounds).mov(RCX, frames).mov(RDX, guest.pages.get(CALLER + PAGE, 1));
            a.bind(each).mov(mem64(null, guest.pages.entryAt(CALLER + PAGE, 1)), RDX).invlpg(mem(RBP)).add(RDX, PAGE);
            a.call(RBX).add(RSI, RAX).call(RBX).add(RSI, RAX).dec(RCX).jcc(NE, each).dec(RDI).jcc(NE, rounds);
            Guest.done(a);
            assertThat(guest.run().event()).isEqualTo("done");
            assertThat(guest.gpr(6)).isEqualTo(3 * 2 * (1 + 2 + 3 + 4));
        }
    }

    /** What is in two pages, too: otherwise each round of a loop that lies so would be left. */
    @Test
    void nothingIsLeftForWhatLiesInTwoPages() {
        int rounds = 1000;
        try (Guest guest = guest(Mode.LONG, 1)) {
            Label again = new Label();
            Assembler loop = new Assembler(CALLER + PAGE - 7).mov(EAX, 0).bind(again).add(EAX, VALUE).dec(ECX).jcc(NE, again).ret();
            guest.memory.write(Guest.FRAMES + PAGE - 7, loop.toBytes());
            guest.pages.map(CALLER, Guest.FRAMES, 2L * PAGE, WRITABLE);
            guest.kernel().mov(ECX, rounds).mov(RBX, CALLER + PAGE - 7).call(RBX);
            Guest.done(guest.kernel());
            assertThat(guest.run().event()).isEqualTo("done");
            assertThat(guest.gpr(0)).isEqualTo((long) rounds * VALUE & 0xffff_ffffL);
            assertThat(counted(guest, "entries")).isLessThan(rounds / 10);
        }
    }

    /** The page of the target changes, that of the jump does not. */
    @Test
    void aJumpLeadsToWhatTheCodeIsNow() {
        int rounds = 50;
        try (Guest guest = guest(Mode.LONG, 1)) {
            mapCaller(guest, 1);
            Label again = new Label();
            Assembler a = guest.kernel().mov(RBX, CALLER).mov(RDI, rounds).mov(RSI, 0);
            a.bind(again).call(RBX).add(RSI, RAX).call(RBX).add(RSI, RAX).add(mem32(null, CALLER + PAGE + 1), 1).dec(RDI).jcc(NE, again);
            Guest.done(a);
            assertThat(guest.run().event()).isEqualTo("done");
            assertThat(guest.gpr(6)).isEqualTo(rounds * (rounds - 1));
        }
    }

    /** Another CPU changes the target's code, while the one that jumps has nothing to leave its translations for. */
    @Test
    void aJumpLeadsToWhatAnotherCpuHasMadeOfTheCode() {
        try (Guest guest = guest(Mode.LONG, 2)) {
            mapCaller(guest, 1);
            Label changer = new Label();
            Label waits = new Label();
            Label first = new Label();
            Assembler a = guest.kernel().test(RDI, RDI).jcc(NE, changer).mov(RBX, CALLER);
            a.bind(first).inc(mem32(null, RESULTS)).call(RBX).test(EAX, EAX).jcc(E, first);
            Guest.done(a);
            a.bind(changer).bind(waits).cmp(mem32(null, RESULTS), 1000).jcc(B, waits).mov(mem32(null, CALLER + PAGE + 1), 7);
            Guest.done(a);
            assertThat(guest.runAll()).extracting(Stop::event).containsOnly("done");
            assertThat(guest.gpr(0)).isEqualTo(7);
        }
    }

    /** Their targets are within reach of the jump, and some not within 2 GiB of its page. */
    @Test
    void jumpsAsFarAsTheyCanGoArriveThere() {
        int offset = 0x800;
        for (int distance : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 5, Integer.MAX_VALUE - offset, Integer.MIN_VALUE, Integer.MIN_VALUE + offset}) {
            long place = 0x5555_5555_5000L;
            long target = place + offset + 5 + distance;
            try (Guest guest = guest(Mode.LONG, 1)) {
                guest.pages.map(place, Guest.FRAMES, PAGE, WRITABLE);
                guest.memory.write(Guest.FRAMES + offset, new Assembler(place + offset).jmp(Label.at("far", target)).toBytes());
                guest.kernel().mov(RBX, place + offset).jmp(RBX);
                Stop stop = guest.run();
                assertThat(stop.event()).isEqualTo("#PF(0x10)");
                assertThat(stop.cr2()).isEqualTo(target);
            }
        }
    }

    @Test
    void aDirectJumpToAnImpossibleAddressFaultsWhereItIs() {
        long last = 0x7fff_ffff_f000L;
        try (Guest guest = guest(Mode.LONG, 1)) {
            guest.pages.map(last, Guest.FRAMES, PAGE, WRITABLE);
            guest.memory.write(Guest.FRAMES, new byte[] {(byte) 0xe8, 0, 0x10, 0, 0}); // call beyond the page
            guest.kernel().mov(RBX, last).jmp(RBX);
            Stop stop = guest.run();
            assertThat(stop.event()).isEqualTo("#GP(0x0)");
            assertThat(stop.rip()).isEqualTo(last);
            assertThat(stop.rsp()).isEqualTo(Guest.KERNEL_STACK);
        }
    }
}
