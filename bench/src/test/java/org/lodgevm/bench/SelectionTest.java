package org.lodgevm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lodgevm.bench.guest.Group;
import org.lodgevm.bench.guest.Workload;
import org.lodgevm.bench.guest.Workloads;

class SelectionTest {
    @Test
    void withoutNamesEverythingIsMeasured() {
        Selection all = new Selection(1, List.of(1), Set.of(), Workload.Amount.USUAL);

        assertThat(all.start()).isTrue();
        assertThat(all.boot()).isTrue();
        assertThat(all.workloads()).isEqualTo(Workloads.ALL);
    }

    @Test
    void namesLeaveTheOthersOut() {
        Selection some = new Selection(1, List.of(1), Set.of("boot", "sort", "core"), Workload.Amount.USUAL);

        assertThat(some.start()).isFalse();
        assertThat(some.boot()).isTrue();
        assertThat(some.workloads()).extracting(Workload::name).containsExactly("core", "sort");
    }

    @Test
    void aGroupStandsForItsWorkloads() {
        Selection memory = new Selection(1, List.of(1), Set.of("memory", "ash"), Workload.Amount.USUAL);

        assertThat(memory.boot()).isFalse();
        assertThat(memory.workloads()).extracting(Workload::name).containsExactly("ash", "walk", "random", "copy");
        assertThat(memory.workloads()).filteredOn(workload -> workload.group() == Group.MEMORY).hasSize(3);
    }

    @Test
    void inAHurryThereIsLessWork() {
        Selection quick = new Selection(1, List.of(1), Set.of("ash"), Workload.Amount.QUICK);

        assertThat(quick.workloads()).extracting(Workload::work).containsExactly(5000L);
    }

    @Test
    void theListHasWhatIsSelected() {
        assertThat(Listing.of(new Selection(1, List.of(1), Set.of("boot", "getpid"), Workload.Amount.QUICK)).lines())
                .satisfiesExactly(
                        head -> assertThat(head).startsWith("NAME"),
                        boot -> assertThat(boot).startsWith("boot"),
                        getpid -> assertThat(getpid).matches("getpid +kernel +20,000 system calls: getpid"));
    }

    @Test
    void anUnknownNameIsToldWithThoseThatExist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Selection(1, List.of(1), Set.of("clang"), Workload.Amount.USUAL))
                .withMessageContainingAll("'clang'", "start, boot, integer");
    }

    @Test
    void noRepetitionsAndNoCpusMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selection(0, List.of(1), Set.of(), Workload.Amount.USUAL));
        assertThatIllegalArgumentException().isThrownBy(() -> new Selection(1, List.of(0), Set.of(), Workload.Amount.USUAL));
    }
}
