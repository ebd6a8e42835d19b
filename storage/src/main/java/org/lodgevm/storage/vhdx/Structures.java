package org.lodgevm.storage.vhdx;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.lodgevm.storage.ByteStore;

/** Pieces of the file that begin with a signature and its checksum. */
final class Structures {
    private static final int CHECKSUM = 4;

    private Structures() {}

    static ByteBuffer empty(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer read(ByteStore store, long offset, int length) throws IOException {
        ByteBuffer bytes = empty(length);
        store.read(offset, bytes);
        return bytes.clear();
    }

    static boolean hasSignature(ByteBuffer bytes, String signature) {
        return bytes.capacity() >= signature.length()
                && bytes.slice(0, signature.length()).equals(ByteBuffer.wrap(signature.getBytes(US_ASCII)));
    }

    static boolean isSound(ByteBuffer bytes, String signature) {
        return hasSignature(bytes, signature) && checksum(bytes) == bytes.getInt(CHECKSUM);
    }

    static ByteBuffer sealed(ByteBuffer bytes, String signature) {
        bytes.put(0, signature.getBytes(US_ASCII));
        return bytes.putInt(CHECKSUM, checksum(bytes));
    }

    /** As if the field of the checksum were zero. */
    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, CHECKSUM));
        crc.update(new byte[Integer.BYTES]);
        crc.update(bytes.slice(CHECKSUM + Integer.BYTES, bytes.capacity() - CHECKSUM - Integer.BYTES));
        return (int) crc.getValue();
    }
}
