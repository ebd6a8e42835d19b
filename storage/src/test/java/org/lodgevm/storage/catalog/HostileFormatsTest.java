package org.lodgevm.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.Damage;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.MemoryStore;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.Surroundings;

/** Files that somebody has tampered with, of all formats whose disk is a table of blocks. */
class HostileFormatsTest {
    private static final int SIZE = 300 << 10;

    /** Any other file is there, and has a megabyte. */
    private static final Surroundings ANYTHING = new Surroundings() {
        @Override
        public DiskImage openBacking(ByteStore image, String reference, String format) throws IOException {
            return Images.format("raw").open(openExtent(image, reference), this);
        }

        @Override
        public ByteStore openExtent(ByteStore image, String reference) {
            return new MemoryStore(new byte[1 << 20], image.isReadOnly());
        }

        @Override
        public ByteStore createExtent(ByteStore image, String reference) {
            return new MemoryStore(new byte[0], false);
        }
    };

    private static byte[] sound(ImageFormat format, String options) throws IOException {
        MemoryStore store = new MemoryStore(new byte[0], false);
        format.create(store, SIZE, CreateOptions.parse(options), ANYTHING);
        try (DiskImage disk = format.open(store, ANYTHING)) {
            if (disk.isAlwaysCompressed()) {
                for (int at = 0; at < disk.size(); at += disk.compressionUnit()) {
                    disk.writeCompressed(at, ByteBuffer.allocate(disk.compressionUnit()).put(5, (byte) at));
                }
            } else {
                new Content(SIZE, 1).write(disk, 1000, 200_000);
            }
        }
        return store.content();
    }

    private static void use(ImageFormat format, byte[] file, boolean readOnly) throws IOException {
        MemoryStore store = new MemoryStore(file, readOnly);
        try (DiskImage disk = format.open(store, ANYTHING)) {
            ByteBuffer piece = ByteBuffer.allocate(1000);
            for (long at = 0; at < Math.min(disk.size() - 1000, 2 * SIZE); at += 9000) {
                disk.read(at, piece.clear());
                if (!readOnly) {
                    disk.write(at, piece.clear());
                    disk.discard(at, 1000);
                }
            }
            disk.flush();
            if (disk.size() < 1L << 40) {
                disk.check(Repair.NONE);
            }
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("memory: ");
        }
    }

    @ParameterizedTest
    @CsvSource({"vdi, static=off", "vdi, static=on", "vpc, subformat=dynamic", "vpc, subformat=fixed", "vmdk, subformat=monolithicSparse",
        "vmdk, subformat=monolithicFlat", "vmdk, subformat=streamOptimized", "vhdx, block_size=1M"})
    void damagedFilesAreRefusedOrUsedAndNeverHarm(String name, String options) throws IOException {
        ImageFormat format = Images.format(name);
        byte[] sound = sound(format, options);
        List<Integer> turn = new ArrayList<>();
        Damage.inflict(150, file -> {
            turn.add(0);
            use(format, file, turn.size() % 2 == 0);
        }, sound);
    }
}
