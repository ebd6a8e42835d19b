package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.ESI;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem8;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/** Code that changes while it runs: a processor notices without being told. @sdm 3A:12.6, 3A:9.1.3 */
@OnEveryEngine
class SelfModifyingTest {
    private static final int VA = 0x60_0000;
    @Parameter
    Engine engine;

    /** In B8 imm32, MOV EAX. */
    private static final int IMMEDIATE = 1;
    /** In 83 C0 imm8, ADD EAX. */
    private static final int IMMEDIATE_OF_ADD = 2;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.LONG);
        a = g.kernel();
    }

    @AfterEach
    void close() {
        g.close();
    }

    private long result() {
        Guest.done(a);
        assertThat(g.run().event()).isEqualTo("done");
        return g.gpr(0);
    }

    @Test
    void theNextInstructionOfTheSameBlockIsExecutedAsWritten() {
        Label next = new Label("next");
        a.mov(mem32(null, Guest.KERNEL + 64 + IMMEDIATE), 7).align(64, 0x90).bind(next).mov(EAX, 1);
        assertThat(next.address()).isEqualTo(Guest.KERNEL + 64);
        assertThat(result()).isEqualTo(7);
    }

    @Test
    void codeThatADeviceReplacesIsExecutedAsReplaced() {
        a.mov(EAX, 1);
        assertThat(result()).isEqualTo(1);
        g.memory.write(Guest.KERNEL + IMMEDIATE, new byte[] {2});
        g.change(state -> state.rip = Guest.KERNEL);
        assertThat(g.resume().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(2);
    }

    @Test
    void aLoopSeesEachOfItsOwnChanges() {
        Label loop = new Label("loop");
        a.mov(ECX, 100).mov(EAX, 0).align(16, 0x90).bind(loop);
        a.add(EAX, 1).inc(mem8(null, loop.address() + IMMEDIATE_OF_ADD)).dec(ECX).jcc(NE, loop);
        assertThat(result()).isEqualTo(100 * 101 / 2);
    }

    @Test
    void codeChangedThroughAnotherAddressOfItsPageIsNoticed() {
        g.pages.map(VA, Guest.KERNEL, PAGE, WRITABLE);
        Label function = new Label("function");
        Label over = new Label("over");
        a.jmp(over).align(64, 0x90).bind(function).mov(EAX, 1).ret().bind(over).call(function);
        a.mov(EBX, VA + 64 + IMMEDIATE).mov(mem32(RBX, 0), 9).call(function);
        assertThat(result()).isEqualTo(9);
    }

    @Test
    void anInstructionOverTwoPagesChangesWithEither() {
        g.pages.map(VA, Guest.FRAMES, 2 * PAGE, WRITABLE);
        Assembler function = new Assembler(VA + PAGE - 3).mov(EAX, 0x0101_0101).ret();
        g.memory.write(Guest.FRAMES + PAGE - 3, function.toBytes());
        a.mov(EBX, VA + PAGE - 3).call(RBX).mov(mem8(RBX, 1), 2).call(RBX).mov(mem8(RBX, 4), 3).call(RBX);
        assertThat(result()).isEqualTo(0x0301_0102);
    }

    @Test
    void aSecondPageThatIsMappedAnewChangesTheInstruction() {
        g.pages.map(VA, Guest.FRAMES, 2 * PAGE, WRITABLE);
        g.memory.write(Guest.FRAMES + PAGE - 3, new Assembler(0).mov(EAX, 0x0101_0101).ret().toBytes());
        g.memory.write(Guest.FRAMES + 2 * PAGE, new byte[] {5, 6, (byte) 0xc3});
        a.mov(EBX, VA + PAGE - 3).call(RBX);
        a.mov(mem32(null, g.pages.entryAt(VA + PAGE, 1)), Guest.FRAMES + 2 * PAGE | 3).invlpg(mem(RBX, 3)).call(RBX);
        assertThat(result()).isEqualTo(0x0605_0101);
    }

    @Test
    void aCopyOverRunCodeIsNoticed() {
        Label function = new Label("function");
        Label other = new Label("other");
        Label over = new Label("over");
        a.jmp(over).align(64, 0x90).bind(function).mov(EAX, 1).ret().align(64, 0x90).bind(other).mov(EAX, 4).ret().bind(over);
        a.call(function).mov(ESI, other).mov(EDI, function).mov(ECX, 6).rep().movsb().call(function);
        assertThat(result()).isEqualTo(4);
    }

    @Test
    void anotherCpuRunsWhatWasWrittenBeforeItWasTold() {
        try (Guest two = new Guest(engine, Mode.LONG, 2)) {
            Assembler k = two.kernel();
            Label writer = new Label("writer");
            Label function = new Label("function");
            Label wait = new Label("wait");
            Label spin = new Label("spin");
            k.test(EDI, EDI).jcc(NE, writer);
            k.call(function).mov(mem32(null, 0x5000), 1).bind(spin).pause().cmp(mem32(null, 0x5004), 0).jcc(E, spin).cpuid();
            Guest.done(k.call(function));
            k.bind(writer).bind(wait).pause().cmp(mem32(null, 0x5000), 0).jcc(E, wait);
            k.mov(mem32(null, Guest.KERNEL + 512 + IMMEDIATE), 6).mov(mem32(null, 0x5004), 1);
            Guest.done(k);
            k.align(512, 0x90).bind(function).mov(EAX, 1).ret();
            assertThat(two.runAll()).extracting(Stop::event).isEqualTo(List.of("done", "done"));
            assertThat(two.gpr(0)).isEqualTo(6);
        }
    }
}
