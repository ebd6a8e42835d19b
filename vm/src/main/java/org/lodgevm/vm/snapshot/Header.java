package org.lodgevm.vm.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A snapshot's first block: see the package's description. */
record Header(byte[] description, byte[] state, long length) {
    static final int SIZE = 4096;
    static final int VERSION = 1;

    private static final byte[] MAGIC = "LODGSNAP".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECK = SIZE - Integer.BYTES;

    static int crc(byte[] bytes) {
        return crc(ByteBuffer.wrap(bytes));
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    byte[] write() {
        ByteBuffer block = ByteBuffer.allocate(SIZE);
        block.put(MAGIC).putInt(VERSION);
        block.putInt(description.length).putInt(crc(description));
        block.putInt(state.length).putInt(crc(state));
        block.putLong(length);
        block.putInt(CHECK, crc(Arrays.copyOf(block.array(), CHECK)));
        return block.array();
    }

    /** What a header says of the rest. */
    record Claims(int descriptionLength, int descriptionCheck, int stateLength, int stateCheck, long length) {
        void require(byte[] bytes, int check, String what) throws SnapshotException {
            if (crc(bytes) != check) {
                throw new SnapshotException("its %s is damaged".formatted(what));
            }
        }
    }

    static Claims read(byte[] bytes) throws SnapshotException {
        ByteBuffer block = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[MAGIC.length];
        block.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new SnapshotException("it is no snapshot of a machine");
        }
        int version = block.getInt();
        if (version != VERSION) {
            throw new SnapshotException("its format is %d, but this release knows %d only".formatted(version, VERSION));
        }
        if (block.getInt(CHECK) != crc(Arrays.copyOf(bytes, CHECK))) {
            throw new SnapshotException("its header is damaged");
        }
        return new Claims(block.getInt(), block.getInt(), block.getInt(), block.getInt(), block.getLong());
    }
}
