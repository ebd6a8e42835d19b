package org.lodgevm.cli.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.vm.Outcome;

class ExitStatusTest {
    @Test
    void aDebugExitIsWhatQemuUsersExpect() {
        assertThat(ExitStatus.of(new Outcome.DebugExit(0))).isEqualTo(1);
        assertThat(ExitStatus.of(new Outcome.DebugExit(0x10))).isEqualTo(33);
        assertThat(ExitStatus.of(new Outcome.DebugExit(0xff))).isEqualTo(255);
    }

    @Test
    void noStatusOfLodgesOwnCanBeADebugExit() {
        List<Integer> own = List.of(
                ExitStatus.OK, ExitStatus.USAGE, ExitStatus.NO_INPUT, ExitStatus.INTERNAL, ExitStatus.HOST, ExitStatus.CRASHED);
        assertThat(own)
                .allMatch(status -> status % 2 == 0)
                .doesNotHaveDuplicates();
    }

    @Test
    void aCrashOfTheGuestAndAFaultOfOursDiffer() {
        assertThat(ExitStatus.of(new Outcome.Crashed("triple fault", null))).isEqualTo(ExitStatus.CRASHED);
        assertThat(ExitStatus.of(new Outcome.Crashed("?", new IllegalStateException()))).isEqualTo(ExitStatus.INTERNAL);
    }
}
