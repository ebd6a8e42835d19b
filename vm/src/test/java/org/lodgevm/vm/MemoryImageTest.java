package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.lodgevm.storage.StorageException;

class MemoryImageTest {
    private static final byte[] CONTENT = new byte[700];

    static {
        Arrays.fill(CONTENT, (byte) 7);
    }

    private final MemoryImage image = new MemoryImage(CONTENT);

    @Test
    void zeroesFollowTheContent() throws IOException {
        assertThat(image.size()).isEqualTo(1024);
        ByteBuffer read = ByteBuffer.allocate(200);
        image.read(650, read);
        assertThat(read.position()).isEqualTo(200);
        assertThat(Arrays.copyOf(read.array(), 50)).containsOnly(7);
        assertThat(Arrays.copyOfRange(read.array(), 50, 200)).containsOnly(0);
        image.read(800, read.clear());
        assertThat(read.array()).containsOnly(0);
    }

    @Test
    void nothingIsBeyondItsEnd() {
        assertThatThrownBy(() -> image.read(1000, ByteBuffer.allocate(25))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> image.read(-1, ByteBuffer.allocate(1))).isInstanceOf(StorageException.class);
    }

    @Test
    void itIsNotChanged() {
        assertThat(image.isReadOnly()).isTrue();
        assertThatThrownBy(() -> image.write(0, ByteBuffer.allocate(1))).hasMessageContaining("reading only");
        assertThatThrownBy(() -> image.discard(0, 1)).hasMessageContaining("reading only");
        assertThatThrownBy(() -> image.writeZeroes(0, 1, true)).hasMessageContaining("reading only");
        assertThatThrownBy(() -> image.resize(1)).hasMessageContaining("reading only");
    }
}
