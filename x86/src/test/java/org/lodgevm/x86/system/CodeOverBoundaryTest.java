package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Cond.B;
import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBP;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/** An instruction that lies over two pages is the one that they hold now, whichever of them has changed, or is mapped in another way. */
@OnEveryEngine
class CodeOverBoundaryTest {
    private static final int VA = 0x60_0000;
    /** Frames of the first page, and of the second: not the one after it. */
    private static final int FIRST = Guest.FRAMES;
    private static final int SECOND = Guest.FRAMES + 0x5_0000;
    private static final int RESULTS = 0x5000;
    private static final int ROUNDS = 60;
    /** Functions over a boundary begin so many bytes before it. */
    private static final int BEFORE = 2;
    private static final int RSI_NUMBER = 6;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    private void start(int cpus) {
        g = new Guest(engine, Mode.LONG, cpus);
        a = g.kernel();
        g.pages.map(VA, FIRST, PAGE, WRITABLE);
        g.pages.map(VA + PAGE, SECOND, PAGE, WRITABLE);
    }

    @AfterEach
    void close() {
        if (g != null) { // else two CPUs are more than the engine has
            g.close();
        }
    }

    /** Puts code over the boundary of two pages whose frames are these. */
    private void place(int first, int second, int before, byte[] code) {
        g.memory.write(first + PAGE - before, Arrays.copyOf(code, before));
        g.memory.write(second, Arrays.copyOfRange(code, before, code.length));
    }

    /** A function that returns a number, of which the lowest byte lies in the first page and the others in the second one. */
    private void placeNumber(int number) {
        place(FIRST, SECOND, BEFORE, new Assembler(VA).mov(EAX, number).ret().toBytes());
    }

    private void finish() {
        Guest.done(a);
        assertThat(g.run().event()).isEqualTo("done");
    }

    /** Calls the function that RBX points to again and again, with this after each call; RSI becomes the sum of what it returns. */
    private void callOften(Runnable afterEach) {
        Label again = new Label();
        a.mov(RDI, ROUNDS).mov(RSI, 0).bind(again).call(RBX).add(RSI, RAX);
        afterEach.run();
        a.dec(RDI).jcc(NE, again);
    }

    /** Functions that return 5. */
    private static List<UnaryOperator<Assembler>> fives(Label five) {
        return List.of(
                code -> code.mov(EAX, 5).ret(),
                code -> code.mov(EAX, mem32(null, RESULTS)).ret(),
                code -> code.mov(EAX, mem(Label.at("data", RESULTS)).bits(32)).ret(),
                code -> code.mov(mem32(null, RESULTS + 8), 5).mov(EAX, mem32(null, RESULTS + 8)).ret(),
                code -> code.push(mem64(null, RESULTS)).pop(RAX).ret(),
                code -> code.jmp(five),
                code -> code.call(five).ret(),
                code -> code.jcc(NE, five).mov(EAX, 5).ret(),
                code -> code.jcc(E, five).mov(EAX, 5).ret(),
                code -> code.jmp(mem64(null, RESULTS + 16)),
                code -> code.cpuid().mov(EAX, 5).ret());
    }

    @Test
    void itDoesWhatItDoesElsewhere() {
        start(1);
        int place = 0xd000;
        Label five = Label.at("five", place);
        g.memory.write(place, new Assembler(place).mov(EAX, 5).ret().toBytes());
        g.put64(RESULTS, 5);
        g.put64(RESULTS + 16, place);
        int frame = FIRST;
        int calls = 0;
        for (UnaryOperator<Assembler> function : fives(five)) {
            for (int before = 1; before <= 4; before++) {
                g.pages.map(VA + frame, frame, 2L * PAGE, WRITABLE);
                int start = VA + frame + PAGE - before;
                place(frame, frame + PAGE, before, function.apply(new Assembler(start)).toBytes());
                g.put64(RESULTS + 32 + 8 * calls, start);
                frame += 2 * PAGE;
                calls++;
            }
        }
        Label rounds = new Label();
        Label each = new Label();
        a.mov(RDI, 3).mov(RSI, 0).bind(rounds).mov(RBP, RESULTS + 32);
        a.bind(each).push(RBX).call(mem64(RBP, 0)).pop(RBX).add(RSI, RAX).add(RBP, 8).cmp(RBP, RESULTS + 32 + 8 * calls).jcc(NE, each);
        a.dec(RDI).jcc(NE, rounds);
        finish();
        assertThat(g.gpr(RSI_NUMBER)).isEqualTo(3 * calls * 5);
    }

    /** The upper bytes of the number change with each call. */
    @Test
    void itIsWhatTheSecondPageHasNow() {
        start(1);
        placeNumber(0);
        a.mov(RBX, VA + PAGE - BEFORE);
        callOften(() -> a.add(mem32(RBX, 1), 0x100));
        finish();
        assertThat(g.gpr(RSI_NUMBER)).isEqualTo(0x100 * ROUNDS * (ROUNDS - 1) / 2);
    }

    /** The store that changes it lies in neither page, and does not touch the second one. */
    @Test
    void itIsWhatTheFirstPageHasNow() {
        start(1);
        placeNumber(0x4_5600);
        a.mov(RBX, VA + PAGE - BEFORE);
        callOften(() -> a.inc(mem(RBX, 1).bits(8)));
        finish();
        assertThat(g.gpr(RSI_NUMBER)).isEqualTo(0x4_5600 * ROUNDS + ROUNDS * (ROUNDS - 1) / 2);
    }

    @Test
    void itCanChangeItself() {
        start(1);
        // add dword ptr [rip to its own immediate], imm32
        byte[] code = new Assembler(VA + PAGE - BEFORE).add(mem(Label.at("itself", VA + PAGE - BEFORE + 6)).bits(32), 0x1_0101)
                .mov(EAX, mem(Label.at("itself", VA + PAGE - BEFORE + 6)).bits(32)).ret().toBytes();
        place(FIRST, SECOND, BEFORE, code);
        a.mov(RBX, VA + PAGE - BEFORE).call(RBX).call(RBX).call(RBX);
        finish();
        assertThat(g.gpr(0)).isEqualTo(8 * 0x1_0101);
    }

    /** Frames for the second page in turn, each with other upper bytes of the number. */
    @Test
    void itIsWhatTheSecondPageIsMappedToNow() {
        start(1);
        List<Integer> frames = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            frames.add(SECOND + i * PAGE);
            place(FIRST, SECOND + i * PAGE, BEFORE, new Assembler(VA).mov(EAX, i << 8).ret().toBytes());
        }
        Label rounds = new Label();
        Label each = new Label();
        a.mov(RBX, VA + PAGE - BEFORE).mov(RBP, VA + PAGE).mov(RDI, ROUNDS).mov(RSI, 0);
        a.bind(rounds).mov(RCX, frames.size()).mov(RDX, g.pages.get(VA + PAGE, 1));
        a.bind(each).mov(mem64(null, g.pages.entryAt(VA + PAGE, 1)), RDX).invlpg(mem(RBP)).add(RDX, PAGE);
        a.call(RBX).add(RSI, RAX).call(RBX).add(RSI, RAX).dec(RCX).jcc(NE, each).dec(RDI).jcc(NE, rounds);
        finish();
        assertThat(g.gpr(RSI_NUMBER)).isEqualTo(2 * ROUNDS * (0x100 + 0x200));
    }

    /** It has been executed often before. */
    @Test
    void itFaultsOnceItsSecondPageIsGone() {
        start(1);
        placeNumber(7);
        a.mov(RBX, VA + PAGE - BEFORE);
        callOften(() -> {});
        a.mov(RBP, VA + PAGE).mov(mem64(null, g.pages.entryAt(VA + PAGE, 1)), 0).invlpg(mem(RBP)).call(RBX);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x10)");
        assertThat(stop.rip()).isEqualTo(VA + PAGE - BEFORE);
        assertThat(stop.cr2()).isEqualTo(VA + PAGE);
        assertThat(g.gpr(RSI_NUMBER)).isEqualTo(7 * ROUNDS);
    }

    @Test
    void aFaultOfItsAccessIsPrecise() {
        start(1);
        place(FIRST, SECOND, BEFORE, new Assembler(VA).mov(mem32(RCX, 0x10), -1).ret().toBytes());
        a.mov(RBX, VA + PAGE - BEFORE).mov(RCX, RESULTS);
        callOften(() -> {});
        a.mov(RCX, VA - PAGE).call(RBX);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("#PF(0x2)");
        assertThat(stop.rip()).isEqualTo(VA + PAGE - BEFORE);
        assertThat(stop.cr2()).isEqualTo(VA - PAGE + 0x10);
    }

    /** The other CPU has nothing to leave its translations for. */
    @Test
    void itIsWhatAnotherCpuHasMadeOfIt() {
        start(2);
        placeNumber(0);
        Label changer = new Label();
        Label waits = new Label();
        Label again = new Label();
        a.test(RDI, RDI).jcc(NE, changer).mov(RBX, VA + PAGE - BEFORE);
        a.bind(again).inc(mem32(null, RESULTS)).call(RBX).test(EAX, EAX).jcc(E, again);
        Guest.done(a);
        a.bind(changer).bind(waits).cmp(mem32(null, RESULTS), 1000).jcc(B, waits).mov(mem32(null, VA + PAGE), 0xc300_0001);
        Guest.done(a);
        assertThat(g.runAll()).extracting(Stop::event).containsOnly("done");
        assertThat(g.gpr(0)).isEqualTo(0x100);
    }
}
