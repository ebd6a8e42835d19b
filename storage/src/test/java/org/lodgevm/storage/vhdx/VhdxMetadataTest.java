package org.lodgevm.storage.vhdx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.lodgevm.storage.Alone;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.MemoryStore;

class VhdxMetadataTest {
    @Test
    void aRegionThatEndsInsideOfItsHeaderIsCorrupt() throws IOException {
        MemoryStore store = new MemoryStore(new byte[0], false);
        new VhdxFormat().create(store, 1 << 20, CreateOptions.none(), new Alone());
        for (long place : VhdxMetadata.REGION_TABLES) {
            ByteBuffer table = Structures.read(store, place, VhdxMetadata.REGION_TABLE_LENGTH);
            table.putInt(VhdxMetadata.REGIONS_BEGIN + VhdxMetadata.ENTRY + 24, VhdxMetadata.METADATA.length());
            store.write(place, Structures.sealed(table, VhdxMetadata.REGIONS));
        }
        assertThatThrownBy(() -> VhdxMetadata.read(store)).isInstanceOf(CorruptImageException.class).hasMessageContaining("there is no metadata");
    }
}
