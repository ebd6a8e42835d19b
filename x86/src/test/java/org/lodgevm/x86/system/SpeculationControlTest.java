package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;

/** What kernels ask for against speculation, by CPUID and IA32_SPEC_CTRL. @sdm volume 4, table 2-2 */
@OnEveryEngine
class SpeculationControlTest {
    private static final int IA32_SPEC_CTRL = 0x48;
    private static final int IBRS = 1;
    private static final int SSBD = 1 << 2;
    private static final int BHI_DIS_S = 1 << 10;

    @Parameter
    Engine engine;

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

    private Assembler write(int value) {
        return a.mov(ECX, IA32_SPEC_CTRL).mov(EAX, value).mov(EDX, 0).wrmsr();
    }

    @Test
    void branchHistoryIsToldToBeControlledByTheCpu() {
        Guest.done(a.mov(EAX, 7).mov(ECX, 2).cpuid());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(2) & 1 << 4).as("BHI_CTRL").isNotZero();
    }

    @Test
    void whatIsToldCanBeSet() {
        Guest.done(write(IBRS | BHI_DIS_S).mov(EAX, 0).rdmsr());
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(IBRS | BHI_DIS_S);
    }

    @Test
    void whatIsNotToldIsReserved() {
        write(SSBD);
        assertThat(g.run().event()).isEqualTo("#GP(0x0)");
    }
}
