package org.lodgevm.storage.vmdk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.lodgevm.storage.Alone;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.MemoryStore;
import org.lodgevm.storage.UnsupportedImageException;

class StreamWriterTest {
    /** Its directory would not fit into memory when the image is closed. */
    @Test
    void anExtentOfMoreTablesThanAnybodyNeedsIsNotBegun() throws IOException {
        MemoryStore store = new MemoryStore(new byte[0], false);
        VmdkFormat format = new VmdkFormat();
        format.create(store, 1 << 20, CreateOptions.parse("subformat=streamOptimized"), new Alone());
        SparseHeader sound = SparseHeader.read(store, 0);
        SparseHeader hostile = new SparseHeader(
                sound.version(), sound.flags(), 1L << 40, 1, sound.descriptor(), sound.descriptorLength(), 1, 0, sound.directory(), sound.overhead(), sound.compression());
        store.write(0, hostile.encode());
        assertThatThrownBy(() -> format.open(store, new Alone()))
                .isInstanceOf(UnsupportedImageException.class).hasMessageContaining("would need 1099511627776 tables");
    }
}
