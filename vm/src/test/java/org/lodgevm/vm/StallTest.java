package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class StallTest {
    private final List<String> log = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<Boolean> retries = new ArrayList<>();
    private final Stall stall = new Stall(log::add, later::add, this::retry);

    private void retry(Stall.Begun begun) {
        retries.add(stall.isStill(begun));
    }

    @Test
    void theOwnerIsToldOnceAndAnotherTryIsMade() {
        stall.begin("the disk is full");
        assertThat(log).containsExactly("the disk is full; the machine stands still until there is room");
        assertThat(retries).isEmpty();
        later.remove().run();
        stall.begin("the disk is full");
        later.remove().run();
        assertThat(log).hasSize(1);
        assertThat(retries).containsExactly(true, true);
    }

    @Test
    void aTryThatTheOwnerHasMadeOrForbiddenIsNotMadeAgain() {
        stall.begin("the disk is full");
        stall.end();
        later.remove().run();
        assertThat(retries).containsExactly(false);
        stall.begin("the disk is full");
        stall.end();
        stall.begin("the disk is full");
        later.remove().run();
        later.remove().run();
        assertThat(retries).as("the first was for another stall").containsExactly(false, false, true);
    }
}
