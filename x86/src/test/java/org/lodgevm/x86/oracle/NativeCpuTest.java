package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
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
    void aBatchIsManyCases() {
        for (int i = 0; i < CaseRunner.CAPACITY; i++) {
            Case input = cpu().input(i);
            Cases.reset(input, Mode.BITS_64);
            Cases.code(input, new Assembler(0).add(RAX, i).toBytes(), Cases.CODE_AT);
        }
        cpu().run(CaseRunner.CAPACITY);
        for (int i = 0; i < CaseRunner.CAPACITY; i++) {
            assertThat(cpu().output(i).gpr(0)).isEqualTo(i);
        }
    }
}
