package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileCursorTest {
    /** The first bytes are read from where they lie, what follows in whole windows: the two overlap. */
    @Test
    void zerosAreSkippedFromTheMiddleOfAWindowIntoTheNext() {
        byte[] bytes = new byte[40_000];
        bytes[100] = 1;
        bytes[39_999] = 2;
        FileCursor cursor = new FileCursor(BootFile.of("test", bytes), "test");
        cursor.skip(100);
        assertThat(cursor.u8()).isEqualTo(1);
        cursor.skipZeros();
        assertThat(cursor.position()).isEqualTo(39_999);
        assertThat(cursor.lastNonZero()).isEqualTo(39_999);
    }
}
