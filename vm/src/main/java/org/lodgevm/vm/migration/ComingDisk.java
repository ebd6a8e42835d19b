package org.lodgevm.vm.migration;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.storage.Extent;

/**
 * A disk that a source wants to send along, for which the target makes an image.
 *
 * @param format that it has at the source
 * @param size in bytes
 * @param bytes that it has content in, at the beginning
 */
public record ComingDisk(String format, long size, long bytes) {
    static List<ComingDisk> all(List<? extends MovingDisk> disks) throws IOException {
        List<ComingDisk> all = new ArrayList<>();
        for (MovingDisk disk : disks) {
            all.add(of(disk));
        }
        return all;
    }

    private static ComingDisk of(MovingDisk disk) throws IOException {
        long bytes = 0;
        for (long at = 0; at < disk.size(); ) {
            Extent extent = disk.extent(at, disk.size() - at);
            bytes += extent.zero() ? 0 : extent.length();
            at = extent.end();
        }
        return new ComingDisk(disk.format(), disk.size(), bytes);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(format);
        out.writeLong(size);
        out.writeLong(bytes);
    }

    static ComingDisk read(DataInputStream in) throws IOException {
        ComingDisk disk = new ComingDisk(in.readUTF(), in.readLong(), in.readLong());
        if (disk.bytes < 0 || disk.size < disk.bytes) {
            throw new MalformedStreamException("a disk of %d bytes does not have content in %d".formatted(disk.size, disk.bytes));
        }
        return disk;
    }
}
