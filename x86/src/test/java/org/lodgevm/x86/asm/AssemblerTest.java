package org.lodgevm.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.*;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;
import static org.lodgevm.x86.asm.Sreg.FS;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Encodings as the manual's tables give them, by hand; {@link AssemblerAgainstObjdumpTest} has the
 * breadth.
 */
class AssemblerTest {
    private static final long ORIGIN = 0x1000;

    private static String hex(Consumer<Assembler> program) {
        Assembler assembler = new Assembler(ORIGIN);
        program.accept(assembler);
        return HexFormat.of().formatHex(assembler.toBytes());
    }

    private static void refused(Consumer<Assembler> program, String why) {
        assertThatThrownBy(() -> hex(program))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining(why);
    }

    @Test
    void rexFollowsTheMandatoryPrefix() {
        assertThat(hex(a -> a.popcnt(R9, R10))).isEqualTo("f34d0fb8ca");
    }

    @Test
    void operandSizePrefixDependsOnTheMode() {
        assertThat(hex(a -> a.bits16().add(AX, BX).add(EAX, EBX))).isEqualTo("01d86601d8");
        assertThat(hex(a -> a.bits32().add(AX, BX).add(EAX, EBX))).isEqualTo("6601d801d8");
    }

    @Test
    void uniformByteRegistersTakeAnEmptyRex() {
        assertThat(hex(a -> a.mov(SPL, AL).mov(BL, AL))).isEqualTo("4088c488c3");
        refused(a -> a.mov(AH, SPL), "REX");
        refused(a -> a.bits32().mov(AL, SPL), "REX");
    }

    @Test
    void registersOfSpecialEncodingMakeValidBases() {
        assertThat(
                        hex(
                                a ->
                                        a.mov(EAX, mem(RSP))
                                                .mov(EAX, mem(RBP))
                                                .mov(EAX, mem(R12))
                                                .mov(EAX, mem(R13))))
                .isEqualTo("8b0424" + "8b4500" + "418b0424" + "418b4500");
        refused(a -> a.mov(EAX, mem(RAX, RSP, 1, 0)), "index");
    }

    @Test
    void sixteenBitAddressesUseTheirOwnTable() {
        assertThat(
                        hex(
                                a ->
                                        a.bits16()
                                                .mov(AX, mem(BX, SI, 1, 0))
                                                .mov(AX, mem(BP))
                                                .mov(AX, mem(0x1234))
                                                .mov(AX, mem(DI, 0x200))))
                .isEqualTo("8b00" + "8b4600" + "8b063412" + "8b850002");
        assertThat(hex(a -> a.bits16().mov(AX, mem(EAX, ECX, 4, 8)))).isEqualTo("678b448808");
        refused(a -> a.bits16().mov(AX, mem(BX, BP, 1, 0)), "16-bit address");
    }

    @Test
    void ripRelativeAddressesCountTheImmediate() {
        Label data = new Label("data");
        assertThat(hex(a -> a.mov(mem(data).bits(32), 7).bind(data).dd(0)))
                .isEqualTo("c70500000000" + "07000000" + "00000000");
    }

    @Test
    void absoluteAddressesIn64BitModeNeedNoBase() {
        assertThat(hex(a -> a.mov(EAX, mem(0x1234)))).isEqualTo("8b042534120000");
        assertThat(hex(a -> a.mov(EAX, mem(0x10).in(FS)))).isEqualTo("648b042510000000");
    }

    @Test
    void backwardBranchesAreShortWhereThatReaches() {
        assertThat(
                        hex(
                                a -> {
                                    Label top = a.label("top");
                                    a.jcc(NE, top).fill(124, 0x90).jmp(top).jmp(top);
                                }))
                .startsWith("75fe")
                .endsWith("90" + "eb80" + "e97bffffff");
    }

    @Test
    void forwardBranchesAreNearUnlessAskedOtherwise() {
        Label near = new Label("near");
        Label close = new Label("close");
        assertThat(hex(a -> a.jmp(near).bind(near).jmp(Reach.SHORT, close).bind(close)))
                .isEqualTo("e900000000eb00");
    }

    @Test
    void shortBranchThatDoesNotReachNamesItsLabel() {
        Label far = new Label("faraway");
        refused(a -> a.jmp(Reach.SHORT, far).fill(128, 0).bind(far), "faraway");
    }

    @Test
    void labelNeverBoundIsNamed() {
        refused(a -> a.jmp(new Label("nowhere")), "nowhere");
    }

    @Test
    void labelsCountFromTheOrigin() {
        Label here = new Label("here");
        assertThat(hex(a -> a.dq(here).bind(here))).isEqualTo("0810000000000000");
        assertThat(here.address()).isEqualTo(ORIGIN + 8);
    }

    @Test
    void constantsTakeTheShortestEncoding() {
        assertThat(hex(a -> a.mov(RAX, 1).mov(RAX, -1).mov(RAX, 0x123456789L).mov(AL, 0xFF)))
                .isEqualTo("b801000000" + "48c7c0ffffffff" + "48b88967452301000000" + "b0ff");
    }

    @Test
    void immediatesThatDoNotFitAreRefused() {
        refused(a -> a.add(RAX, 0x80000000L), "immediate");
        refused(a -> a.add(AL, 256), "immediate");
        refused(a -> a.bits16().mov(AX, 0x10000), "fit");
        assertThat(hex(a -> a.add(EAX, 0xFFFFFFFFL))).isEqualTo("83c0ff");
    }

    @Test
    void memoryWithoutAWidthIsRefusedWhereNothingTellsIt() {
        refused(a -> a.inc(mem(RAX)), "width");
        refused(a -> a.add(mem32(RAX, 0), RBX), "32 and 64");
        assertThat(hex(a -> a.inc(mem64(RAX, 0)))).isEqualTo("48ff00");
    }

    @Test
    void whatAModeLacksIsRefused() {
        refused(a -> a.bits32().add(RAX, RBX), "64-bit mode");
        refused(a -> a.jmpFar(32, 8, 0), "64-bit mode");
        refused(a -> a.push(EAX), "push");
        refused(a -> a.mov(EAX, mem(BX)), "16-bit addresses");
    }

    @Test
    void farBranchesMixOperandSizes() {
        assertThat(hex(a -> a.bits16().jmpFar(32, 8, 0x10000))).isEqualTo("66ea000001000800");
        assertThat(hex(a -> a.bits32().jmpFar(32, 8, 0x10000))).isEqualTo("ea000001000800");
    }

    @Test
    void vexTakesTwoBytesWhereTheySuffice() {
        assertThat(
                        hex(
                                a ->
                                        a.vex(false, 0, 0x660FFE, Xmm.XMM1, Xmm.XMM2, Xmm.XMM3)
                                                .andn(R8, RBX, mem(R9))))
                .isEqualTo("c5e9fecb" + "c442e0f201");
    }

    @Test
    void dataIsLittleEndianAndAligned() {
        assertThat(
                        hex(
                                a ->
                                        a.db(1)
                                                .align(4)
                                                .dw(0x1234)
                                                .align(8, 0xCC)
                                                .dd(1)
                                                .org(0x1010)
                                                .ascii("AB")))
                .isEqualTo("01000000" + "3412cccc" + "01000000" + "00000000" + "4142");
        refused(a -> a.fill(8, 0).org(ORIGIN), "fill");
    }
}
