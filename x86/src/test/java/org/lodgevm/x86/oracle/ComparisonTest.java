package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.fp.FxArea;

/** A difference anywhere is noticed, unless it is one of those that the manuals allow. */
class ComparisonTest {
    private static final int AF = 1 << 4;
    private static final int CF = 1;
    private static final int C1 = 1 << 9;

    private final Case input = new Case();

    private int differences(Consumer<Assembler> code, Consumer<Case> change) {
        Cases.reset(input, Mode.BITS_64);
        Assembler a = new Assembler(0);
        code.accept(a);
        Cases.code(input, a.toBytes(), Cases.CODE_AT);
        Case expected = new Case();
        expected.copyFrom(input);
        expected.put32(Layout.OUTCOME, Layout.EXITED);
        Case actual = new Case();
        actual.copyFrom(expected);
        change.accept(actual);
        return new Comparison().differences(input, expected, actual).size();
    }

    @Test
    void everyPartOfTheStateCounts() {
        Consumer<Assembler> nop = a -> a.nop();
        assertThat(differences(nop, same -> {})).isZero();
        assertThat(differences(nop, actual -> actual.gpr(15, 1L << 63))).isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put64(Layout.RFLAGS, 0x203))).isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put16(Layout.GS, 0x23))).isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put64(Layout.FS_BASE, 1))).isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put8(Layout.WINDOW + 1023, 1))).isEqualTo(1);
        assertThat(
                        differences(
                                nop,
                                actual -> actual.put8(Layout.FXSAVE + FxArea.REGISTERS + 121, 1)))
                .isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put8(Layout.FXSAVE + FxArea.XMM + 255, 1)))
                .isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put8(Layout.YMM_HIGH + 255, 1))).isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put32(Layout.FXSAVE + FxArea.MXCSR, 0)))
                .isEqualTo(1);
        assertThat(differences(nop, actual -> actual.put32(Layout.OUTCOME, Layout.FAULTED)))
                .isPositive();
    }

    @Test
    void undefinedFlagsDoNotCount() {
        Consumer<Case> other =
                actual -> actual.put64(Layout.RFLAGS, actual.get64(Layout.RFLAGS) ^ AF);
        assertThat(differences(a -> a.and(Gpr.EAX, Gpr.ECX), other)).isZero();
        assertThat(differences(a -> a.add(Gpr.EAX, Gpr.ECX), other)).isEqualTo(1);
        Consumer<Case> carry =
                actual -> actual.put64(Layout.RFLAGS, actual.get64(Layout.RFLAGS) ^ CF);
        assertThat(differences(a -> a.shl(Gpr.AL, 9), carry)).isZero();
        assertThat(differences(a -> a.shl(Gpr.AL, 7), carry)).isEqualTo(1);
    }

    @Test
    void transcendentalFunctionsMayBeOneUnitOff() {
        int st0 = Layout.FXSAVE + FxArea.REGISTERS;
        Consumer<Assembler> sine = a -> a.x87(0xD9FE, 0);
        assertThat(differences(sine, actual -> actual.put64(st0, 1))).isZero();
        assertThat(differences(sine, actual -> actual.put64(st0, 2))).isEqualTo(1);
        assertThat(differences(sine, actual -> actual.put16(Layout.FXSAVE + FxArea.FSW, C1)))
                .isZero();
        assertThat(differences(a -> a.fsqrt(), actual -> actual.put64(st0, 1))).isEqualTo(1);
    }
}
