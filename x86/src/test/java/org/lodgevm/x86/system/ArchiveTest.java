package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.ESI;
import static org.lodgevm.x86.asm.Gpr.RBP;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.TranslationFile;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.interpret.JitAccelerator;
import org.lodgevm.x86.paging.Tlb;

/** Guests that start with what another run has translated: they find it, but only where it is right. */
class ArchiveTest {
    private static final int CODE_BYTES = 1 << 20;
    /** So little that some dozens of functions fill it. */
    private static final int FEW_CODE_BYTES = 64 << 10;
    private static final int VA = 0x60_0000;
    /** A page of its own, so that stores to it leave the rest of the code alone. */
    private static final int FUNCTION = 0x7_0000;
    /** In B8 imm32, MOV EAX. */
    private static final int IMMEDIATE = 1;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void start() {
        assumeTrue(Engine.available().contains(Engine.ARCHIVE), "no translator on this host");
        file = folder.resolve("translations");
    }

    /** How a run ended: EAX, what was translated and what was found. */
    private record Outcome(long result, long translated, long found, Guest guest) {
        long counted(String name) {
            return guest.cpu().counters().get(name);
        }
    }

    private Guest guest(boolean record) {
        return guest(record, 1, CODE_BYTES);
    }

    private Guest guest(boolean record, int cpus, long codeBytes) {
        return new Guest(new JitAccelerator(0, codeBytes), new TranslationFile(file, record), Mode.LONG, cpus);
    }

    /** @param program all but its end */
    private static Outcome run(Guest guest, Consumer<Guest> program) {
        program.accept(guest);
        Guest.done(guest.kernel());
        assertThat(guest.run().event()).isEqualTo("done");
        return outcome(guest);
    }

    private static Outcome outcome(Guest guest) {
        return new Outcome(guest.gpr(0), guest.cpu().counters().get("regions"), guest.cpu().counters().get("archivedRegions"), guest);
    }

    /** Records one run. */
    private Outcome record(Consumer<Guest> program) {
        try (Guest guest = guest(true)) {
            return run(guest, program);
        }
    }

    /** Makes another with what was recorded, which ends in the same way and translates nothing. */
    private void sameWithoutTranslating(Consumer<Guest> program) {
        Outcome recorded = record(program);
        try (Guest guest = guest(false)) {
            Outcome again = run(guest, program);
            assertThat(again.result).isEqualTo(recorded.result);
            assertThat(again.found).isEqualTo(recorded.translated).isPositive();
            assertThat(again.translated).isZero();
        }
    }

    /** EAX = 100 + 99 + ... + 1, and then some. */
    private static Consumer<Guest> sum(int more) {
        return guest -> {
            Label loop = new Label();
            guest.kernel().mov(EAX, 0).mov(ECX, 100).bind(loop).add(EAX, ECX).dec(ECX).jcc(NE, loop).add(EAX, more);
        };
    }

    private static int sumOf(int more) {
        return 100 * 101 / 2 + more;
    }

    @Test
    void whatOneRunHasTranslatedAnotherFinds() {
        assertThat(record(sum(1)).found).isZero();
        sameWithoutTranslating(sum(1));
    }

    @Test
    void withoutARecordingEverythingIsTranslated() {
        try (Guest guest = guest(false)) {
            Outcome outcome = run(guest, sum(1));
            assertThat(outcome.translated).isPositive();
            assertThat(outcome.found).isZero();
        }
    }

    @Test
    void codeThatDiffersInOneByteIsTranslatedAnew() {
        Outcome recorded = record(sum(1));
        try (Guest guest = guest(false)) {
            Outcome outcome = run(guest, sum(2));
            assertThat(outcome.result).isEqualTo(sumOf(2));
            assertThat(outcome.translated).isPositive();
            assertThat(outcome.found).isLessThan(recorded.translated);
        }
    }

    @Test
    void twoCodesAtOneAddressAreBothKept() {
        sameWithoutTranslating(guest -> {
            guest.memory.write(FUNCTION, new Assembler(FUNCTION).mov(EAX, 3).ret().toBytes());
            guest.kernel().mov(EBX, FUNCTION).call(RBX).mov(EDX, EAX).mov(mem32(RBX, IMMEDIATE), 70).call(RBX).add(EAX, EDX);
        });
        try (Guest guest = guest(false)) {
            Outcome second = run(guest, onlyCalls(70));
            assertThat(second.result).isEqualTo(70);
            assertThat(second.found).isPositive();
        }
    }

    private static Consumer<Guest> onlyCalls(int value) {
        return guest -> {
            guest.memory.write(FUNCTION, new Assembler(FUNCTION).mov(EAX, value).ret().toBytes());
            guest.kernel().mov(EBX, FUNCTION).call(RBX);
        };
    }

    @Test
    void instructionsThatAreExecutedOutsideAreDecodedWhenTheyAre() {
        sameWithoutTranslating(guest -> {
            Label loop = new Label();
            Assembler a = guest.kernel().mov(ESI, 5).mov(EDI, 0).bind(loop);
            a.in(EAX, GuestCpu.COUNTER).add(EDI, EAX).clts().mov(EAX, 0).cpuid().add(EDI, EBX).add(EDI, EAX).rdtsc().dec(ESI).jcc(NE, loop);
            a.mov(EAX, EDI);
        });
        try (Guest guest = guest(false)) {
            run(guest, g -> g.kernel().mov(EAX, 1));
            assertThat(guest.cpu().reads()).isZero();
        }
    }

    @Test
    void anInstructionExecutedOutsideThatFaultsIsReportedWhereItIs() {
        Consumer<Guest> program = guest -> guest.kernel().mov(EAX, 5).mov(ECX, 0x1234).nop().wrmsr();
        try (Guest guest = guest(true)) {
            program.accept(guest);
            assertThat(guest.run().event()).isEqualTo("#GP(0x0)");
        }
        try (Guest guest = guest(false)) {
            program.accept(guest);
            Stop stop = guest.run();
            assertThat(stop.event()).isEqualTo("#GP(0x0)");
            assertThat(stop.rip()).isEqualTo(Guest.KERNEL + 5 + 5 + 1);
            assertThat(outcome(guest).found).isPositive();
        }
    }

    /** The region's own instruction, not what another page has at its address when it is first executed. */
    @Test
    void anInstructionExecutedOutsideIsTheOneOfItsPage() {
        int other = VA + PAGE;
        while (Tlb.fetchEntry(other) != Tlb.fetchEntry(VA)) {
            other += PAGE;
        }
        long place = other;
        Consumer<Guest> program = guest -> {
            guest.pages.map(VA, Guest.FRAMES, PAGE, WRITABLE);
            guest.pages.map(place, Guest.FRAMES + 2 * PAGE, PAGE, WRITABLE);
            long entry = guest.pages.entryAt(VA, 1);
            for (int frame = 0; frame < 2; frame++) {
                Assembler function = new Assembler(VA).mov(mem64(null, entry), RSI).mov(EBX, mem(RDI));
                guest.memory.write(Guest.FRAMES + frame * PAGE, (frame == 0 ? function.in(EAX) : function.in(AL)).ret().toBytes());
            }
            Label again = new Label();
            Assembler a = guest.kernel().mov(EDX, GuestCpu.COUNTER).mov(RDI, place).mov(RBP, VA).mov(ECX, 2).mov(RSI, guest.pages.get(VA, 1) + PAGE);
            a.bind(again).mov(EAX, -1).call(RBP);
            a.mov(RSI, guest.pages.get(VA, 1)).mov(mem64(null, entry), RSI).invlpg(mem(RBP)).invlpg(mem(RDI)).dec(ECX).jcc(NE, again);
        };
        assertThat(record(program).result).isEqualTo(2);
        try (Guest guest = guest(false)) {
            Outcome again = run(guest, program);
            assertThat(again.result).isEqualTo(2);
            assertThat(again.found).isPositive();
        }
    }

    @Test
    void iretLeavesARegionThatWasFound() {
        sameWithoutTranslating(guest -> {
            Label target = new Label();
            Label loop = new Label();
            Assembler a = guest.kernel().mov(ESI, 20).mov(EAX, 0).bind(loop).mov(RDX, RSP);
            a.push(Guest.DATA).push(RDX).push(2).push(Guest.CODE).lea(RBX, mem(target)).push(RBX).iret(64);
            a.bind(target).add(EAX, ESI).dec(ESI).jcc(NE, loop);
        });
    }

    /** Such a block is decoded after all, in the middle of a region as at its begin. */
    @Test
    void accessesToDevicesAreInterpreted() {
        Consumer<Guest> program = guest -> {
            guest.pages.map(VA, 2L * Guest.RAM, PAGE, WRITABLE);
            Label loop = new Label();
            guest.kernel().mov(ESI, 40).mov(EAX, 0).mov(EBX, VA).jmp(loop).align(16, 0x90).bind(loop).mov(EDX, mem(RBX));
            guest.kernel().sub(EAX, EDX).mov(mem32(RBX, 8), 1).add(EAX, mem(RBX, 16)).add(EAX, 1).dec(ESI).jcc(NE, loop);
        };
        Outcome recorded = record(program);
        try (Guest guest = guest(false)) {
            Outcome again = run(guest, program);
            assertThat(again.result).isEqualTo(recorded.result).isEqualTo(40);
            assertThat(again.found).isPositive();
            assertThat(again.counted("slowAccesses")).isPositive();
        }
    }

    @Test
    void codeIsFoundInWhicheverPageItLies() {
        Assembler function = new Assembler(VA).add(EAX, 1).ret();
        record(guest -> {
            guest.memory.write(Guest.FRAMES, function.toBytes());
            guest.pages.map(VA, Guest.FRAMES, PAGE, WRITABLE);
            guest.kernel().mov(EAX, 0).mov(EBX, VA).call(RBX).call(RBX);
        });
        try (Guest guest = guest(false)) {
            Outcome outcome = run(guest, g -> {
                g.memory.write(Guest.FRAMES + 3 * PAGE, function.toBytes());
                g.memory.write(Guest.FRAMES + 4 * PAGE, function.toBytes());
                g.memory.write(Guest.FRAMES + 5 * PAGE, new Assembler(VA).add(EAX, 100).ret().toBytes());
                g.pages.map(VA, Guest.FRAMES + 3 * PAGE, PAGE, WRITABLE);
                Assembler a = g.kernel().mov(EAX, 0).mov(EBX, VA).call(RBX).call(RBX);
                for (int frame = 4; frame <= 5; frame++) {
                    a.mov(RDX, g.pages.get(VA, 1) + (frame - 3) * PAGE).mov(mem64(null, g.pages.entryAt(VA, 1)), RDX).invlpg(mem(RBX));
                    a.call(RBX).call(RBX);
                }
            });
            assertThat(outcome.result).isEqualTo(2 + 2 + 200);
            assertThat(outcome.found).as("once in each of two frames").isGreaterThanOrEqualTo(2);
        }
    }

    /** Also in a part of the region that is not the block where it begins. */
    @Test
    void codeThatIsChangedAfterItWasFoundRunsAsChanged() {
        Label over = new Label();
        Label loop = new Label();
        Assembler function = new Assembler(FUNCTION).mov(ECX, 3).bind(loop).dec(ECX).jcc(NE, loop).test(EDI, EDI).jcc(E, over).nop().bind(over);
        function.mov(EAX, 1);
        int immediate = function.size() - Integer.BYTES;
        function.ret();
        Consumer<Guest> calls = guest -> {
            guest.memory.write(FUNCTION, function.toBytes());
            guest.kernel().mov(EDI, 0).mov(EBX, FUNCTION).call(RBX).call(RBX).mov(EDX, EAX);
        };
        record(calls.andThen(guest -> guest.kernel().add(mem32(RBX, immediate), 0).call(RBX).add(EAX, EDX)));
        try (Guest guest = guest(false)) {
            Outcome outcome = run(guest, calls.andThen(g -> g.kernel().mov(mem32(RBX, immediate), 50).call(RBX).add(EAX, EDX)));
            assertThat(outcome.result).isEqualTo(51);
            assertThat(outcome.found).isPositive();
            guest.memory.write(FUNCTION + immediate, new byte[] {60});
            guest.change(state -> state.rip = Guest.KERNEL);
            assertThat(guest.resume().event()).isEqualTo("done");
            assertThat(guest.gpr(0)).isEqualTo(50 + 60);
        }
    }

    @Test
    void allCpusFindTheSameTranslations() {
        Consumer<Guest> program = guest -> {
            Label loop = new Label();
            guest.kernel().mov(ECX, 20_000).bind(loop).lock().inc(mem32(null, 0x5000)).dec(ECX).jcc(NE, loop);
            Guest.done(guest.kernel());
        };
        for (boolean record : new boolean[] {true, false}) {
            try (Guest guest = guest(record, 3, CODE_BYTES)) {
                program.accept(guest);
                assertThat(guest.runAll()).extracting(Stop::event).containsOnly("done");
                assertThat(guest.get32(0x5000)).isEqualTo(3 * 20_000);
                for (int i = 0; i < 3 && !record; i++) {
                    assertThat(guest.cpu(i).counters().get("archivedRegions")).as("CPU %d", i).isPositive();
                }
            }
        }
    }

    @Test
    void aRecordingIsOfUseToAnyNumberOfCpus() {
        try (Guest guest = guest(true, 2, CODE_BYTES)) {
            run(guest, sum(1));
        }
        for (int cpus = 1; cpus <= 3; cpus++) {
            try (Guest guest = guest(false, cpus, CODE_BYTES)) {
                assertThat(run(guest, sum(1)).found).as("%d CPUs", cpus).isPositive();
            }
        }
    }

    @Test
    void whereRoomForCodeIsScarceTranslationsAreFoundAgain() {
        int functions = 60;
        Consumer<Guest> program = guest -> {
            for (int i = 0; i < functions; i++) {
                Assembler function = new Assembler(FUNCTION + 32 * i);
                guest.memory.write(FUNCTION + 32 * i, function.add(mem32(null, 0x5000), i).add(EAX, mem(0x5000)).cpuid().mov(EAX, ESI).ret().toBytes());
            }
            Label rounds = new Label();
            Label calls = new Label();
            Assembler a = guest.kernel().mov(EDI, 4).mov(ESI, 0).bind(rounds).mov(RBX, FUNCTION).push(RBX).bind(calls).mov(RDX, mem(RSP)).call(RDX);
            a.add(ESI, mem(0x5000)).add(mem64(RSP, 0), 32).cmp(mem64(RSP, 0), FUNCTION + 32 * functions).jcc(NE, calls).pop(RBX);
            a.dec(EDI).jcc(NE, rounds).mov(EAX, ESI);
        };
        Outcome recorded = record(program);
        try (Guest guest = guest(false, 1, FEW_CODE_BYTES)) {
            Outcome outcome = run(guest, program);
            assertThat(outcome.result).isEqualTo(recorded.result);
            assertThat(outcome.found).as("some more than once").isGreaterThan(recorded.translated);
            assertThat(outcome.translated).isZero();
        }
    }

    // --- files that are not as they were written -------------------------------------------------------------------------------

    private long foundIn(byte[] content) throws IOException {
        Files.write(file, content);
        try (Guest guest = guest(false)) {
            Outcome outcome = run(guest, sum(1));
            assertThat(outcome.result).isEqualTo(sumOf(1));
            return outcome.found;
        }
    }

    @Test
    void aFileThatIsCutOffIsNotUsed() throws IOException {
        record(sum(1));
        byte[] whole = Files.readAllBytes(file);
        assertThat(foundIn(whole)).isPositive();
        for (int length : new int[] {0, 1, 7, 8, 23, 24, 25, 87, 88, 89, 100, 128, 129, whole.length / 2, whole.length - 8, whole.length - 1}) {
            assertThat(foundIn(Arrays.copyOf(whole, length))).as("%d bytes", length).isZero();
        }
        assertThat(foundIn(Arrays.copyOf(whole, whole.length + 1))).isZero();
    }

    /** More are flipped by the test of the file alone. */
    @Test
    void aFlippedBitDoesNoHarm() throws IOException {
        record(sum(1));
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(29);
        for (int i = 0; i < 50; i++) {
            byte[] damaged = whole.clone();
            int bit = random.nextInt(8 * whole.length);
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(foundIn(damaged)).as("bit %d", bit).isNotNegative();
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsNoReasonNotToRun() throws IOException {
        for (Path place : List.of(folder.resolve("missing/translations"), folder.resolve("folder"))) {
            Files.createDirectories(folder.resolve("folder"));
            file = place;
            assertThat(record(sum(1)).result).isEqualTo(sumOf(1));
            assertThat(folder.resolve("folder")).isDirectory();
            try (Guest guest = guest(false)) {
                assertThat(run(guest, sum(1)).result).isEqualTo(sumOf(1));
            }
        }
    }
}
