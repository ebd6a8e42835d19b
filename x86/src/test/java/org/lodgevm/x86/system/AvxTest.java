package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.R8D;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Mem.mem;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Xmm;
import org.lodgevm.x86.state.Cr;

/** How a system enables AVX, and what becomes of its instructions until it has. @sdm 1:13.1, 1:14.3, 3A:13.1 */
@OnEveryEngine
class AvxTest {
    private static final int X87_AND_SSE = 3;
    private static final int WITH_AVX = 7;
    private static final int CPUID_OSXSAVE = 1 << 27;
    private static final int CPUID_AVX = 1 << 28;
    private static final int XSTATE_BV = 512;
    private static final int YMM_HIGH = 576;
    private static final int VZEROUPPER = 0x0F77;
    private static final int VPADDQ = 0x660FD4;
    private static final int VBROADCASTI128 = 0x660F385A;

    @Parameter
    Engine engine;

    private Guest guest(Mode mode, long cr4) {
        Guest g = new Guest(engine, mode);
        g.start.cr4 |= cr4;
        return g;
    }

    private static Assembler enable(Assembler a, int components) {
        return a.xor(ECX, ECX).xor(EDX, EDX).mov(EAX, components).xsetbv();
    }

    /** VPADDQ YMM0, YMM1, YMM1. */
    private static Assembler add(Assembler a) {
        return a.vex(false, 1, VPADDQ, Xmm.XMM0, Xmm.XMM1, Xmm.XMM1);
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = {"FLAT32", "PAE", "LONG"})
    void aSystemFindsEnablesAndUsesIt(Mode mode) {
        try (Guest g = guest(mode, Cr.CR4_OSXSAVE)) {
            long data = Guest.KERNEL + 0x800;
            g.put64(data, 21);
            g.put64(data + 8, 4);
            Assembler a = enable(g.kernel(), WITH_AVX);
            a.vex(false, 1, VBROADCASTI128, Xmm.XMM1, null, mem(data));
            Guest.done(add(a));
            assertThat(g.run().event()).isEqualTo("done");
            VcpuState state = g.state();
            assertThat(state.xcr0).isEqualTo(WITH_AVX);
            assertThat(state.xsave[YMM_HIGH]).isEqualTo((byte) 42);
            assertThat(state.xsave[YMM_HIGH + 8]).isEqualTo((byte) 8);
            assertThat(state.xsave[YMM_HIGH + 16]).isEqualTo((byte) 21);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, X87_AND_SSE})
    void withoutItsStateEnabledItIsUndefined(int components) {
        try (Guest g = guest(Mode.LONG, Cr.CR4_OSXSAVE)) {
            Guest.done(add(enable(g.kernel(), components)));
            assertThat(g.run().event()).isEqualTo("#UD");
        }
    }

    @Test
    void withoutOsxsaveItIsUndefinedAndCpuidSaysSo() {
        try (Guest g = guest(Mode.LONG, Cr.CR4_OSXSAVE)) {
            Assembler a = enable(g.kernel(), WITH_AVX);
            a.mov(EAX, 1).cpuid().mov(R8D, ECX);
            a.mov(RAX, Creg.CR4).and(EAX, (int) ~Cr.CR4_OSXSAVE).mov(Creg.CR4, RAX);
            a.mov(EAX, 1).cpuid();
            Guest.done(add(a));
            assertThat(g.run().event()).isEqualTo("#UD");
            int both = CPUID_OSXSAVE | CPUID_AVX;
            assertThat(g.gpr(R8D.number()) & both).isEqualTo(both);
            assertThat(g.gpr(ECX.number()) & both).isEqualTo(CPUID_AVX);
        }
    }

    @Test
    void aProgramMeetsTheRulesThatTheSystemSet() {
        try (Guest g = guest(Mode.LONG, Cr.CR4_OSXSAVE)) {
            add(g.user());
            g.user().xgetbv();
            Label refused = g.user().label("refused");
            enable(g.user(), WITH_AVX);
            g.start.xcr0 = WITH_AVX;
            Stop stop = g.runUser();
            assertThat(stop.event()).as("XSETBV is the system's").isEqualTo("#GP(0x0)");
            assertThat(stop.rip()).isGreaterThan(refused.address());
            assertThat(g.gpr(EAX.number())).isEqualTo(WITH_AVX);
        }
    }

    /** The system that delays saving state until another task needs the unit. */
    @Test
    void afterATaskSwitchTheFirstUseIsNoticed() {
        try (Guest g = guest(Mode.LONG, Cr.CR4_OSXSAVE)) {
            Assembler a = enable(g.kernel(), WITH_AVX);
            a.mov(RAX, Creg.CR0).or(EAX, (int) Cr.CR0_TS).mov(Creg.CR0, RAX);
            Label first = a.label("first");
            Guest.done(add(a));
            Stop stop = g.run();
            assertThat(stop.event()).isEqualTo("#NM");
            assertThat(stop.rip()).isEqualTo(first.address());
            g.change(state -> state.cr0 &= ~Cr.CR0_TS);
            assertThat(g.resume().event()).isEqualTo("done");
        }
    }

    @Test
    void realModeKnowsNoVexPrefix() {
        try (Guest g = guest(Mode.REAL, Cr.CR4_OSXSAVE)) {
            g.start.xcr0 = WITH_AVX;
            g.kernel().vex(false, 0, VZEROUPPER, Xmm.XMM0, null, Xmm.XMM0);
            assertThat(g.run().event()).isEqualTo("#UD");
        }
    }

    @Test
    void otherPrefixesBeforeVexAreUndefined() {
        for (int prefix : new int[] {0x66, 0xF2, 0xF3, 0xF0, 0x40, 0x48}) {
            try (Guest g = guest(Mode.LONG, Cr.CR4_OSXSAVE)) {
                g.start.xcr0 = WITH_AVX;
                Guest.done(add(g.kernel().db(prefix)));
                assertThat(g.run().event()).as("%x", prefix).isEqualTo("#UD");
            }
        }
    }

    @Test
    void theStateTravelsFromCpuToCpu() {
        try (Guest g = guest(Mode.LONG, Cr.CR4_OSXSAVE)) {
            long data = Guest.KERNEL + 0x800;
            g.put64(data, 21);
            Assembler a = enable(g.kernel(), WITH_AVX);
            a.vex(false, 1, VBROADCASTI128, Xmm.XMM1, null, mem(data));
            Guest.done(a);
            assertThat(g.run().event()).isEqualTo("done");
            VcpuState before = g.state();
            g.change(state -> {});
            assertThat(g.state().xsave).as("restored").isEqualTo(before.xsave);
            g.change(state -> {
                state.xcr0 = X87_AND_SSE;
                state.xsave = Arrays.copyOf(state.xsave, YMM_HIGH);
                state.xsave[XSTATE_BV] = X87_AND_SSE;
            });
            assertThat(g.state().xsave[YMM_HIGH + 16]).as("from a CPU without AVX").isZero();
        }
    }
}
