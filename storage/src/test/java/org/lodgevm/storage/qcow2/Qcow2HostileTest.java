package org.lodgevm.storage.qcow2;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.Alone;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.MemoryStore;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;

class Qcow2HostileTest {
    private static final int SIZE = 1 << 17;
    private static final Qcow2Format FORMAT = new Qcow2Format();

    @TempDir
    private Path folder;

    private static byte[] image(String options, boolean snapshot, boolean compressed) throws IOException {
        MemoryStore store = new MemoryStore(new byte[0], false);
        FORMAT.create(store, SIZE, CreateOptions.parse(options), new Alone());
        try (DiskImage disk = FORMAT.open(store, new Alone())) {
            Content content = new Content(SIZE, 1);
            content.write(disk, 1000, 30_000);
            if (compressed) {
                byte[] unit = new byte[disk.compressionUnit()];
                disk.writeCompressed(1 << 16, ByteBuffer.wrap(unit));
                unit[1] = 4;
                disk.writeCompressed((1 << 16) + unit.length, ByteBuffer.wrap(unit));
            }
            if (snapshot) {
                disk.snapshots().create("before");
                content.write(disk, 5000, 3000);
            }
        }
        return store.content();
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    @Test
    void aBackingChainThatBitesItsTailHasNoEnd() throws IOException {
        for (String[] pair : new String[][] {{"a", "b"}, {"b", "a"}, {"self", "self"}}) {
            Images.create(folder.resolve(pair[0]).toString(), "qcow2", SIZE, CreateOptions.parse("backing_file=" + pair[1]), ReferencePolicy.ALLOW);
        }
        for (String name : new String[] {"a", "self"}) {
            assertThatThrownBy(() -> Images.open(folder.resolve(name), Access.READ))
                    .isInstanceOf(CorruptImageException.class).hasMessageContaining("above it in the chain");
        }
    }

    @Test
    void whoOpensAnImageDecidesWhatItMayReferTo() throws IOException {
        file("secret", new byte[4096]);
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Images.create(inside.resolve("a").toString(), "qcow2", SIZE, CreateOptions.parse("backing_file=../secret,backing_fmt=raw"), ReferencePolicy.ALLOW);
        Files.createSymbolicLink(inside.resolve("link"), folder.resolve("secret"));
        Images.create(inside.resolve("b").toString(), "qcow2", SIZE, CreateOptions.parse("backing_file=link,backing_fmt=raw"), ReferencePolicy.ALLOW);
        OpenOptions options = OpenOptions.of(Access.READ);
        Images.open(inside.resolve("a").toString(), options).close();
        for (String name : new String[] {"a", "b"}) {
            for (ReferencePolicy policy : new ReferencePolicy[] {ReferencePolicy.REFUSE, ReferencePolicy.within(inside)}) {
                assertThatThrownBy(() -> Images.open(inside.resolve(name).toString(), options.under(policy)))
                        .isInstanceOf(StorageException.class).hasMessageContaining("which was not opened");
            }
        }
        Images.open(inside.resolve("a").toString(), options.under(ReferencePolicy.within(folder))).close();
    }

    @Test
    void contentIsNeverWrittenOverBookkeeping() throws IOException {
        byte[] file = image("cluster_size=512", false, false);
        ByteBuffer bytes = ByteBuffer.wrap(file);
        long l2 = bytes.getLong((int) bytes.getLong(40)) & 0x00ff_ffff_ffff_fe00L;
        for (long target : new long[] {0, bytes.getLong(40), bytes.getLong(48), l2}) {
            bytes.putLong((int) l2 + 8 * 10, target | 1L << 63);
            MemoryStore store = new MemoryStore(file, false);
            try (DiskImage disk = FORMAT.open(store, new Alone())) {
                if (target == 0) {
                    disk.write(5120, ByteBuffer.allocate(1)); // not a place, but none
                } else {
                    assertThatThrownBy(() -> disk.write(5120, ByteBuffer.allocate(1)))
                            .isInstanceOf(CorruptImageException.class).hasMessageContaining("over bookkeeping");
                }
            }
        }
    }

    @Test
    void absurdSizesAreNamedWithTheirPlace() throws IOException {
        byte[] file = image("cluster_size=512", false, false);
        ByteBuffer.wrap(file).putInt(36, Integer.MAX_VALUE);
        assertThatThrownBy(() -> FORMAT.open(new MemoryStore(file, true), new Alone()))
                .hasMessage("memory: at offset 0x24: an L1 table of 17179869176 bytes");
        ByteBuffer.wrap(file).putInt(36, 4).putInt(56, 1 << 20);
        assertThatThrownBy(() -> FORMAT.open(new MemoryStore(file, true), new Alone())).isInstanceOf(CorruptImageException.class);
        ByteBuffer.wrap(file).putInt(20, 64);
        assertThatThrownBy(() -> FORMAT.open(new MemoryStore(file, true), new Alone())).hasMessageContaining("clusters of 2^64 bytes");
    }
}
