package org.lodgevm.devices.virtio.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.share.SharedFolder;

/** A guest's file system driver: requests by the numbers and layouts of Linux's include/uapi/linux/fuse.h. */
final class FuseDriver implements AutoCloseable {
    static final int ENOENT = 2;
    static final int EBADF = 9;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int EROFS = 30;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int EOPNOTSUPP = 95;
    static final int ESTALE = 116;

    static final long ROOT = 1;
    static final int HIGH_PRIORITY = 0;
    static final int REQUESTS = 1;
    private static final int ROOM = 1 << 16;

    /** An answer: 0 or an error's number, and what follows its header. */
    record Reply(int error, ByteBuffer body) {
        ByteBuffer ok() {
            assertThat(error).as("error").isZero();
            return body;
        }

        /** Of struct fuse_entry_out. */
        long node() {
            return ok().getLong(0);
        }

        /** Of struct fuse_attr in struct fuse_entry_out. */
        int mode() {
            return ok().getInt(40 + 60);
        }

        /** Of struct fuse_open_out. */
        long handle() {
            return ok().getLong(0);
        }
    }

    /** An entry of a folder; the node is 0 unless the guest was told. */
    record Entry(String name, long node, int type, long next) {}

    final FakeDriver driver;
    private long unique = 100;

    FuseDriver(Path folder, boolean readOnly, Style style) throws IOException {
        SharedFolder shared = SharedFolder.open(folder);
        driver = new FakeDriver(link -> new FileSystemDevice(link, shared, readOnly, new Tag("src"), 2), style).start(0);
        assertThat(initialize().error()).isZero();
    }

    FuseDriver(Path folder) throws IOException {
        this(folder, false, Style.PLAIN);
    }

    /** FUSE_INIT, 7.38. */
    Reply initialize() {
        return call(26, 0, bytes(16).putInt(7).putInt(38).putInt(1 << 20).putInt(-1));
    }

    static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] text(String text) {
        return (text + "\0").getBytes(UTF_8);
    }

    byte[] header(int opcode, long node, int length) {
        return bytes(40).putInt(40 + length).putInt(opcode).putLong(++unique).putLong(node).putInt(0).putInt(0).array();
    }

    /** One request; what follows its header comes in pieces. */
    Reply call(int opcode, long node, Object... pieces) {
        List<byte[]> out = new ArrayList<>();
        out.add(new byte[0]);
        for (Object piece : pieces) {
            out.add(piece instanceof ByteBuffer buffer ? buffer.array() : piece instanceof String name ? text(name) : (byte[]) piece);
        }
        out.set(0, header(opcode, node, out.stream().mapToInt(bytes -> bytes.length).sum()));
        driver.memory.forgetBuffers();
        return reply(driver.call(REQUESTS, out.stream().filter(bytes -> bytes.length > 0).toList(), List.of(16, ROOM)));
    }

    private Reply reply(FakeDriver.Answer answer) {
        ByteBuffer bytes = ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt(0)).as("length").isEqualTo(answer.written()).isGreaterThanOrEqualTo(16);
        assertThat(bytes.getLong(8)).as("unique").isEqualTo(unique);
        ByteBuffer body = ByteBuffer.wrap(Arrays.copyOfRange(answer.bytes(), 16, answer.written())).order(ByteOrder.LITTLE_ENDIAN);
        return new Reply(-bytes.getInt(4), body);
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    Reply lookup(long parent, String name) {
        return call(1, parent, name);
    }

    /** Looks up name after name. */
    long walk(String... names) {
        long node = ROOT;
        for (String name : names) {
            node = lookup(node, name).node();
        }
        return node;
    }

    /** Without an answer. */
    void forget(long node, long lookups) {
        driver.memory.forgetBuffers();
        FakeDriver.Answer answer = driver.call(HIGH_PRIORITY, List.of(header(2, node, 8), bytes(8).putLong(lookups).array()), List.of());
        assertThat(answer.written()).isZero();
    }

    Reply attributes(long node) {
        return call(3, node, bytes(16));
    }

    Reply open(long node, int flags) {
        return call(14, node, bytes(8).putInt(flags));
    }

    Reply create(long parent, String name, int flags, int mode) {
        return call(35, parent, bytes(16).putInt(flags).putInt(mode), name);
    }

    Reply read(long handle, long offset, int size) {
        return call(15, 0, bytes(40).putLong(handle).putLong(offset).putInt(size));
    }

    String readText(long handle) {
        return UTF_8.decode(read(handle, 0, ROOM).ok()).toString();
    }

    Reply write(long node, long handle, long offset, byte[] data) {
        return call(16, node, bytes(40).putLong(handle).putLong(offset).putInt(data.length), data);
    }

    Reply release(long handle) {
        return call(18, 0, bytes(24).putLong(handle));
    }

    Reply makeFolder(long parent, String name, int mode) {
        return call(9, parent, bytes(8).putInt(mode), name);
    }

    Reply makeLink(long parent, String name, String target) {
        return call(6, parent, name, target);
    }

    Reply unlink(long parent, String name) {
        return call(10, parent, name);
    }

    Reply removeFolder(long parent, String name) {
        return call(11, parent, name);
    }

    Reply rename(long parent, String name, long newParent, String newName, int flags) {
        return flags == 0
                ? call(12, parent, bytes(8).putLong(newParent), name, newName)
                : call(45, parent, bytes(16).putLong(newParent).putInt(flags), name, newName);
    }

    Reply link(long node, long parent, String name) {
        return call(13, parent, bytes(8).putLong(node), name);
    }

    /** All that a folder has, by as many requests of {@code size} bytes as that takes. @param opcode READDIR or READDIRPLUS */
    List<Entry> list(long node, int opcode, int size) {
        long handle = call(27, node, bytes(8)).handle();
        List<Entry> all = new ArrayList<>();
        int before;
        do {
            before = all.size();
            long position = all.isEmpty() ? 0 : all.getLast().next();
            ByteBuffer body = call(opcode, node, bytes(40).putLong(handle).putLong(position).putInt(size)).ok();
            assertThat(body.remaining()).isLessThanOrEqualTo(size);
            while (body.hasRemaining()) {
                all.add(entry(body, opcode == 44));
            }
        } while (all.size() > before);
        assertThat(call(29, node, bytes(24).putLong(handle)).error()).isZero();
        return all;
    }

    private static Entry entry(ByteBuffer from, boolean plus) {
        long node = plus ? from.getLong(from.position()) : 0;
        from.position(from.position() + (plus ? 128 : 0) + 8);
        long next = from.getLong();
        byte[] name = new byte[from.getInt()];
        int type = from.getInt();
        from.get(name).position((from.position() + 7) / 8 * 8);
        return new Entry(new String(name, UTF_8), node, type, next);
    }

    @Override
    public void close() {
        driver.close();
    }
}
