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
        assertThat(HeapKeeper.limit(0)).isEqualTo(96L * MEBIBYTE);
        assertThat(HeapKeeper.limit(50L * MEBIBYTE)).isEqualTo(146L * MEBIBYTE);
        assertThat(HeapKeeper.limit(200L * MEBIBYTE)).isEqualTo(400L * MEBIBYTE);
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
