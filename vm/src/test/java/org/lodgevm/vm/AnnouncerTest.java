package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private final List<Long> waits = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<Integer> rounds = new ArrayList<>();
    private final Announcer announcer = new Announcer(rounds::add, millis -> round -> {
        waits.add(millis);
        later.add(round);
    });

    private void passAll() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    @Test
    void announcementsAreMadeAtQemusDistances() {
        announcer.begin();
        assertThat(rounds).containsExactly(0);
        passAll();
        assertThat(rounds).containsExactly(0, 1, 2, 3, 4);
        assertThat(waits).containsExactly(50L, 150L, 250L, 350L);
    }

    @Test
    void whoBeginsAgainMeanwhileDoesNotAnnounceTwiceAtOnce() {
        announcer.begin();
        later.remove().run();
        announcer.begin();
        assertThat(later).hasSize(1);
        passAll();
        assertThat(rounds).containsExactly(0, 1, 0, 1, 2, 3, 4);
        announcer.begin();
        assertThat(later).hasSize(1);
    }
}
