package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.RAX;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.asm.Assembler;

class NativeCpuTest extends CaseRunnerContract {
    @Override
    CaseRunner open() throws IOException {
        assumeTrue(NativeCpu.unavailable() == null, NativeCpu::unavailable);
        return new NativeCpu();
    }

    @Test
    void endlessLoopsAndSystemCallsEnd() {
        Case stuck = run(a -> a.jmp(a.label("self")));
        assertThat(stuck.get32(Layout.OUTCOME)).isEqualTo(Layout.STUCK);
        Case call =
                run(Mode.BITS_64, a -> a.syscall(), state -> state.gpr(0, Linux.SYS_EXIT_GROUP));
        assertThat(call.get32(Layout.SIGNAL)).isEqualTo(Linux.SIGSYS);
        Case legacy = run(Mode.BITS_32, a -> a.interrupt(0x80), state -> state.gpr(0, 1));
        assertThat(legacy.get32(Layout.SIGNAL)).isEqualTo(Linux.SIGSYS);
        assertExited(run(a -> a.nop()));
    }

    @Test
    void runsManyCasesInASecond() {
        for (int i = 0; i < CaseRunner.CAPACITY; i++) {
            Case input = cpu().input(i);
            Cases.reset(input, Mode.BITS_64);
            Cases.code(input, new Assembler(0).add(RAX, i).toBytes(), Cases.CODE_AT);
        }
        cpu().run(CaseRunner.CAPACITY);
        long start = System.nanoTime();
        int rounds = 200;
        for (int i = 0; i < rounds; i++) {
            cpu().run(CaseRunner.CAPACITY);
        }
        double rate = rounds * CaseRunner.CAPACITY * 1e9 / (System.nanoTime() - start);
        assertThat(cpu().output(7).gpr(0)).isEqualTo(7);
        assertThat(rate).isGreaterThan(100_000);
    }

    @Test
    void writesOutsideOfTheWindowAreNoticed() {
        assertThat(((NativeCpu) cpu()).strayWrite()).isEqualTo(-1);
        run(Mode.BITS_64, a -> a.movAbsolute(Layout.DATA + 3, AL), state -> state.gpr(0, 1));
        assertThat(((NativeCpu) cpu()).strayWrite()).isEqualTo(3);
    }
}
