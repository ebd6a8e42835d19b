package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.*;
import static org.lodgevm.x86.asm.Mem.mem;

import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.asm.Xmm;

/** What every runner of cases must do: results known by heart come out of it. */
abstract class CaseRunnerContract {
    private static final int CF = 1;
    private static final int OF = 0x800;
    private static final int STATUS = 0x8D5;
    private static final int DE = 0;
    private static final int DB = 1;
    private static final int BP = 3;
    private static final int UD = 6;
    private static final int GP = 13;
    private static final int PF = 14;
    private static final int MF = 16;
    private static final int AC = 17;
    private static final int XM = 19;

    private CaseRunner cpu;

    abstract CaseRunner open() throws IOException;

    @BeforeEach
    void start() throws IOException {
        cpu = open();
    }

    @AfterEach
    void close() {
        if (cpu != null) {
            cpu.close();
        }
    }

    CaseRunner cpu() {
        return cpu;
    }

    final Case run(Mode mode, Consumer<Assembler> program, Consumer<Case> state) {
        Case input = cpu.input(0);
        Cases.reset(input, mode);
        Assembler a = new Assembler(Layout.CODE + Cases.CODE_AT - mode.codeBase());
        program.accept(mode == Mode.BITS_64 ? a : mode == Mode.BITS_32 ? a.bits32() : a.bits16());
        Cases.code(input, a.toBytes(), Cases.CODE_AT);
        state.accept(input);
        cpu.run(1);
        return cpu.output(0);
    }

    final Case run(Consumer<Assembler> program) {
        return run(Mode.BITS_64, program, state -> {});
    }

    static void assertFault(Case result, int vector, long error, int offset) {
        assertThat(result.get32(Layout.OUTCOME)).as("outcome").isEqualTo(Layout.FAULTED);
        assertThat(result.get32(Layout.VECTOR)).as("vector").isEqualTo(vector);
        assertThat(result.get64(Layout.ERROR_CODE)).as("error code").isEqualTo(error);
        assertThat(result.get64(Layout.RIP))
                .as("rip")
                .isEqualTo(Layout.CODE + Cases.CODE_AT + offset);
    }

    static void assertExited(Case result) {
        assertThat(result.get32(Layout.OUTCOME))
                .as("outcome, vector " + result.get32(Layout.VECTOR))
                .isEqualTo(Layout.EXITED);
    }

    @Test
    void addSetsTheFlags() {
        Case result =
                run(
                        Mode.BITS_64,
                        a -> a.add(EAX, ECX),
                        state -> {
                            state.gpr(0, 0xFFFF_FFFF_8000_0000L);
                            state.gpr(1, 0x8000_0000L);
                            state.gpr(15, 77);
                        });
        assertExited(result);
        assertThat(result.gpr(0)).isZero();
        assertThat(result.gpr(15)).isEqualTo(77);
        assertThat(result.get64(Layout.RFLAGS) & STATUS)
                .as("CF, PF, ZF, OF")
                .isEqualTo(CF | 4 | 0x40 | OF);
        assertThat(result.gpr(4)).isEqualTo(Layout.DATA + Layout.PAGE);
    }

    @Test
    void memoryComesAndGoesThroughTheWindow() {
        Case result =
                run(
                        Mode.BITS_64,
                        a -> a.add(mem(RBX).bits(64), 1).push(RBX),
                        state -> {
                            state.put64(Layout.WINDOW, 41);
                            state.gpr(3, Layout.DATA + Cases.WINDOW_AT);
                        });
        assertExited(result);
        assertThat(result.get64(Layout.WINDOW)).isEqualTo(42);
        assertThat(result.get64(Layout.WINDOW + Layout.WINDOW_BYTES / 2 - 8))
                .isEqualTo(Layout.DATA + Cases.WINDOW_AT);
    }

    @Test
    void writesOutsideOfTheWindowDoNotLast() {
        run(
                Mode.BITS_64,
                a -> a.movAbsolute(Layout.DATA + 3, AL).movAbsolute(AL, Layout.DATA + 3),
                state -> state.gpr(0, 1));
        assertThat(cpu.output(0).gpr(0)).isEqualTo(1);
        assertThat(run(a -> a.movAbsolute(AL, Layout.DATA + 3)).gpr(0)).isZero();
    }

    @Test
    void faultsAreResults() {
        assertFault(run(a -> a.nop().div(ECX)), DE, 0, 1);
        assertFault(run(a -> a.nop().int3()), BP, 0, 2);
        assertFault(run(a -> a.ud2()), UD, 0, 0);
        assertFault(run(a -> a.hlt()), GP, 0, 0);
        assertFault(run(a -> a.interrupt(0x21)), GP, 0x21 * 8 + 2, 0);
        Case write =
                run(
                        Mode.BITS_64,
                        a -> a.mov(mem(RAX), ECX),
                        state -> state.gpr(0, Layout.CONSTANTS + 5));
        assertFault(write, PF, 7, 0);
        assertThat(write.get64(Layout.CR2)).isEqualTo(Layout.CONSTANTS + 5);
        assertFault(run(a -> a.mov(EAX, mem(RAX))), PF, 4, 0);
        assertFault(
                run(Mode.BITS_64, a -> a.nop(), state -> state.put64(Layout.RFLAGS, 0x302)),
                DB,
                0,
                1);
        Case unaligned =
                run(
                        Mode.BITS_64,
                        a -> a.mov(EAX, mem(RSP, 1)),
                        state -> state.put64(Layout.RFLAGS, 0x40202));
        assertFault(unaligned, AC, 0, 0);
    }

    @Test
    void floatingPointFaultsAreResults() {
        Case x87 =
                run(
                        Mode.BITS_64,
                        a -> a.fld1().fldz().fdivp(1).fwait(),
                        state -> state.put16(Layout.FXSAVE, 0x37B));
        assertThat(x87.get32(Layout.VECTOR)).isEqualTo(MF);
        Case sse =
                run(
                        Mode.BITS_64,
                        a -> a.divsd(Xmm.XMM0, Xmm.XMM0),
                        state -> state.put32(Layout.FXSAVE + 24, 0x1F00));
        assertThat(sse.get32(Layout.VECTOR)).isEqualTo(XM);
    }

    @Test
    void codeBesideAnUnmappedPageFaultsOnTheFetch() {
        Case input = cpu.input(0);
        Cases.reset(input, Mode.BITS_64);
        Cases.codeAtEnd(input, new Assembler(0).mov(EAX, 7).toBytes());
        cpu.run(1);
        Case result = cpu.output(0);
        assertThat(result.get32(Layout.VECTOR)).isEqualTo(PF);
        assertThat(result.get64(Layout.CR2)).isEqualTo(Layout.CODE + Layout.CODE_BYTES);
        assertThat(result.get64(Layout.ERROR_CODE)).isEqualTo(0x14);
        assertThat(result.gpr(0)).isEqualTo(7);
    }

    @Test
    void thirtyTwoBitCodeRuns() {
        Case result =
                run(
                        Mode.BITS_32,
                        a -> a.aaa().push(Sreg.DS).pusha().nop(),
                        state -> state.gpr(0, 0x0A));
        assertExited(result);
        assertThat(result.gpr(0)).isEqualTo(0x100);
        assertThat(result.gpr(4)).isEqualTo(Layout.DATA + Layout.PAGE - 36);
    }

    @Test
    void sixteenBitCodeRuns() {
        Case result =
                run(
                        Mode.BITS_16,
                        a -> a.push(AX).pop(DX),
                        state -> {
                            state.gpr(0, 0x12345);
                        });
        assertExited(result);
        assertThat(result.gpr(2)).isEqualTo(0x2345);
        assertThat(result.gpr(4) & 0xFFFF).isEqualTo(Layout.PAGE);
    }

    @Test
    void segmentsCanBeAnyOfTheTable() {
        Case result =
                run(
                        Mode.BITS_32,
                        a -> a.mov(Sreg.DS, EDX.as(16)).mov(EAX, mem(0x1100)),
                        state -> state.gpr(2, Descriptors.SHORT_DATA));
        assertFault(result, GP, 0, 2);
        assertThat(result.get16(Layout.DS)).isEqualTo(Descriptors.SHORT_DATA);
        assertFault(run(a -> a.mov(EDX, 0x10).mov(Sreg.ES, DX)), GP, 0x10, 5);
    }
}
