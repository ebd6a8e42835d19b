package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeapKeeperTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int BUSY = 0;
    private static final int QUIET = 3;

    @Test
    void asMuchIsAddedAsThereIsButNeverLittle() {
        assertThat(isDue(0, BUSY, 96)).isFalse();
        assertThat(isDue(0, BUSY, 97)).isTrue();
        assertThat(isDue(50, BUSY, 146)).isFalse();
        assertThat(isDue(50, BUSY, 147)).isTrue();
        assertThat(isDue(200, BUSY, 400)).isFalse();
        assertThat(isDue(200, BUSY, 401)).isTrue();
    }

    @Test
    void lessIsLeftWhileNothingHappens() {
        assertThat(isDue(50, QUIET + 1, 66)).isFalse();
        assertThat(isDue(50, QUIET + 1, 67)).isTrue();
        assertThat(isDue(50, QUIET - 1, 67)).as("something has happened").isFalse();
    }

    @Test
    void onceItIsQuietWhateverHasBeenAddedIsLookedAtOnce() {
        assertThat(isDue(50, QUIET, 51)).isFalse();
        assertThat(isDue(50, QUIET, 52)).isTrue();
        assertThat(isDue(50, QUIET + 1, 52)).isFalse();
    }

    /** In MiB. */
    private static boolean isDue(long live, int quiet, long used) {
        return HeapKeeper.isDue(live * MEBIBYTE, quiet, used * MEBIBYTE);
    }

    @Test
    @Timeout(60)
    void garbageIsFoundBeforeTheHeapIsFull() throws InterruptedException {
        List<byte[]> old = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            old.add(new byte[MEBIBYTE]);
        }
        WeakReference<byte[]> oldest = new WeakReference<>(old.getFirst());
        old.clear();
        assertThat(oldest.get()).as("nobody has looked for garbage yet").isNotNull();
        HeapKeeper.start();
        while (oldest.get() != null) {
            Thread.sleep(10);
        }
    }
}
