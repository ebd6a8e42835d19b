package org.lodgevm.image.initramfs;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes a cpio archive in the "new ASCII" format, the one Linux unpacks into its initial root file system.
 *
 * <p>The same calls give the same bytes on any host: every member belongs to root, carries the time zero and a
 * sequential inode number. Archives may be joined end to end; each is padded to a whole number of {@value #BLOCK} bytes.
 *
 * @linux Documentation/driver-api/early-userspace/buffer-format.rst
 */
public final class CpioWriter implements Closeable {
    private static final String MAGIC = "070701";
    private static final String TRAILER = "TRAILER!!!";
    private static final int BLOCK = 512;
    private static final int ALIGNMENT = 4;

    private static final int S_IFCHR = 0x2000;
    private static final int S_IFDIR = 0x4000;
    private static final int S_IFREG = 0x8000;
    private static final int S_IFLNK = 0xa000;

    private final OutputStream out;
    private long written;
    private int inode;

    public CpioWriter(OutputStream out) {
        this.out = out;
    }

    /** @param mode permission bits, as everywhere in this class */
    public void directory(String path, int mode) throws IOException {
        header(path, S_IFDIR | mode, 2, 0, 0, 0);
    }

    public void file(String path, int mode, byte[] content) throws IOException {
        header(path, S_IFREG | mode, 1, content.length, 0, 0);
        body(content);
    }

    public void symbolicLink(String path, String target) throws IOException {
        byte[] content = target.getBytes(StandardCharsets.UTF_8);
        header(path, S_IFLNK | 0777, 1, content.length, 0, 0);
        body(content);
    }

    public void characterDevice(String path, int mode, int major, int minor) throws IOException {
        header(path, S_IFCHR | mode, 1, 0, major, minor);
    }

    /** Ends the archive; the stream stays open for another one. */
    @Override
    public void close() throws IOException {
        inode = -1; // the trailer's inode is 0
        header(TRAILER, 0, 1, 0, 0, 0);
        pad(BLOCK);
    }

    private void header(String path, int mode, int links, int size, int major, int minor) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        StringBuilder header = new StringBuilder(MAGIC);
        int owner = 0;
        int group = 0;
        int time = 0;
        int check = 0;
        int[] fields = {++inode, mode, owner, group, links, time, size, 0, 0, major, minor, name.length + 1, check};
        for (int field : fields) {
            header.append(HexFormat.of().toHexDigits(field));
        }
        write(header.toString().getBytes(StandardCharsets.US_ASCII));
        write(name);
        write(new byte[1]);
        pad(ALIGNMENT);
    }

    private void body(byte[] content) throws IOException {
        write(content);
        pad(ALIGNMENT);
    }

    private void pad(int unit) throws IOException {
        write(new byte[(int) (-written & unit - 1)]);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }
}
