package org.lodgevm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lodgevm.bench.guest.Workload;

class SelectionTest {
    @Test
    void withoutNamesEverythingIsMeasured() {
        Selection all = new Selection(1, List.of(1), Set.of());

        assertThat(all.start()).isTrue();
        assertThat(all.boot()).isTrue();
        assertThat(all.workloads()).isEqualTo(Workload.ALL);
    }

    @Test
    void namesLeaveTheOthersOut() {
        Selection some = new Selection(1, List.of(1), Set.of("boot", "sort", "core"));

        assertThat(some.start()).isFalse();
        assertThat(some.boot()).isTrue();
        assertThat(some.workloads()).extracting(Workload::name).containsExactly("core", "sort");
    }

    @Test
    void anUnknownNameIsToldWithThoseThatExist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Selection(1, List.of(1), Set.of("gcc")))
                .withMessageContainingAll("'gcc'", "boot, core, gzip");
    }

    @Test
    void noRepetitionsAndNoCpusMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selection(0, List.of(1), Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Selection(1, List.of(0), Set.of()));
    }
}
