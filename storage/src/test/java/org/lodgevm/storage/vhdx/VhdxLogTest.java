package org.lodgevm.storage.vhdx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Qemu;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.storage.file.HostFile;

/** An image whose block table is in the log only, as a program leaves it that dies at the wrong moment. */
class VhdxLogTest {
    private static final int SIZE = 4 << 20;
    private static final int SECTOR = 4096;
    private static final ByteBuffer RUBBISH = Structures.empty(SECTOR).putLong(0, -1);

    @TempDir
    private Path folder;

    private Path image;
    private final Content content = new Content(SIZE, 1);
    private final UUID log = UUID.randomUUID();
    /** Of the file. */
    private long size;
    /** Where the block table is, and what its first sector ought to hold. */
    private long table;

    private ByteBuffer sector;

    @BeforeEach
    void makeImageWhoseTableIsInTheLog() throws IOException {
        image = folder.resolve("dirty.vhdx");
        Images.create(image.toString(), "vhdx", SIZE, CreateOptions.parse("block_size=1M"), ReferencePolicy.ALLOW);
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            content.write(disk, 100_000, 3_000_000);
        }
        try (ByteStore store = HostFile.open(image, Access.WRITE)) {
            VhdxHeader header = VhdxHeader.read(store);
            table = VhdxMetadata.read(store).table();
            sector = Structures.read(store, table, SECTOR);
            size = store.size();
            // Two entries: the first one writes rubbish, which the second one mends.
            store.write(header.logOffset() + 5 * SECTOR, entry(7, 5 * SECTOR, RUBBISH));
            store.write(header.logOffset() + 7 * SECTOR, entry(8, 5 * SECTOR, sector));
            store.write(table, ByteBuffer.allocate(SECTOR));
            new VhdxHeader(1 - header.slot(), header.sequence() + 1, header.fileWrite(), header.dataWrite(), log, header.logLength(), header.logOffset()).write(store);
        }
    }

    /** @vhdx 2.3.1 */
    private ByteBuffer entry(long sequence, int tail, ByteBuffer data) {
        ByteBuffer entry = Structures.empty(2 * SECTOR);
        entry.putInt(8, 2 * SECTOR).putInt(12, tail).putLong(16, sequence).putInt(24, 1).putLong(48, size).putLong(56, size);
        Guid.put(entry, 32, log);
        entry.put(64, "desc".getBytes(US_ASCII));
        entry.put(68, data, SECTOR - 4, 4).put(72, data, 0, 8).putLong(80, table).putLong(88, sequence);
        entry.put(SECTOR, "data".getBytes(US_ASCII)).putInt(SECTOR + 4, (int) (sequence >>> 32));
        entry.put(SECTOR + 8, data, 8, SECTOR - 12).putInt(2 * SECTOR - 4, (int) sequence);
        return Structures.sealed(entry, "loge");
    }

    @Test
    void itIsPlayedBackWhenTheImageIsOpenedForWriting() throws IOException {
        assertThatThrownBy(() -> Images.open(image, Access.READ)).hasMessageContaining("log to be played back");
        Images.open(image, Access.WRITE).close();
        try (DiskImage disk = Images.open(image, Access.READ)) {
            content.assertIn(disk);
        }
    }

    @Test
    void qemuReadsTheSameInIt() throws IOException {
        Path raw = content.save(folder.resolve("raw"));
        Path theirs = Files.copy(image, folder.resolve("theirs.vhdx"));
        assertThat(Qemu.run("qemu-img", "check", "-r", "all", theirs.toString()).text()).contains("No errors");
        Qemu.img("compare", "-f", "raw", "-F", "vhdx", raw, theirs);
        Images.open(image, Access.WRITE).close();
        Qemu.img("compare", "-f", "raw", "-F", "vhdx", raw, image);
    }

    @Test
    void aDamagedEntryIsNotPlayedBack() throws IOException {
        byte[] file = Files.readAllBytes(image);
        file[(1 << 20) + 8 * SECTOR + 100] ^= 1; // in the newer entry: the older one, which is its own tail, is in force
        Files.write(image, file);
        Images.open(image, Access.WRITE).close();
        try (DiskImage disk = Images.open(image, Access.READ)) {
            assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate(10))).hasMessageContaining("state 7");
        }
    }

    /** Else a small log could have thousands of large entries, each to be kept. */
    @Test
    void whatLooksLikeAnEntryInsideOfAnotherIsNone() throws IOException {
        ByteBuffer outer = Structures.empty(8 * SECTOR);
        outer.put(0, entry(6, 0, sector), 0, 2 * SECTOR).putInt(8, 8 * SECTOR).put(5 * SECTOR, entry(7, 5 * SECTOR, RUBBISH), 0, 2 * SECTOR);
        try (ByteStore store = HostFile.open(image, Access.WRITE)) {
            store.write(VhdxHeader.read(store).logOffset(), Structures.sealed(outer, "loge"));
        }
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            content.assertIn(disk);
        }
    }
}
