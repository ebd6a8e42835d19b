package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeapKeeperTest {
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void asMuchIsAddedAsThereIsButNeverLittle() {
        assertThat(isDue(0, 50, 96)).isFalse();
        assertThat(isDue(0, 50, 97)).isTrue();
        assertThat(isDue(50, 50, 146)).isFalse();
        assertThat(isDue(50, 50, 147)).isTrue();
        assertThat(isDue(200, 300, 400)).isFalse();
        assertThat(isDue(200, 300, 401)).isTrue();
    }

    @Test
    void lessIsLeftWhileNothingHappens() {
        assertThat(isDue(50, 66, 66)).isFalse();
        assertThat(isDue(50, 67, 67)).isTrue();
        assertThat(isDue(50, 66, 67)).as("something happens").isFalse();
        assertThat(isDue(50, 90, 67)).as("the young have just been looked through").isFalse();
    }

    /** In MiB. */
    private static boolean isDue(long live, long before, long used) {
        return HeapKeeper.isDue(live * MEBIBYTE, before * MEBIBYTE, used * MEBIBYTE);
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
