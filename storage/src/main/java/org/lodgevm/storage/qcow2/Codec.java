package org.lodgevm.storage.qcow2;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.lodgevm.storage.UnsupportedImageException;
import org.lodgevm.storage.zstd.ZstdCompressor;
import org.lodgevm.storage.zstd.ZstdInputStream;

/** How clusters are compressed, in the order of the header's numbers. @qcow2 "compression_type" */
enum Codec {
    ZLIB {
        @Override
        void unpack(byte[] packed, byte[] cluster) throws IOException {
            try (Inflater inflater = new Inflater(true)) {
                inflater.setInput(packed);
                int length = 0;
                while (length < cluster.length) {
                    int count = inflater.inflate(cluster, length, cluster.length - length);
                    if (count == 0) {
                        throw new IOException("the compressed data ends early");
                    }
                    length += count;
                }
            } catch (DataFormatException e) {
                throw new IOException("the compressed data is damaged", e);
            }
        }

        @Override
        ByteBuffer pack(byte[] cluster) {
            byte[] packed = new byte[cluster.length - 1];
            try (Deflater deflater = new Deflater(LEVEL, true)) {
                deflater.setInput(cluster);
                deflater.finish();
                int length = deflater.deflate(packed);
                return deflater.finished() ? ByteBuffer.wrap(packed, 0, length) : null;
            }
        }
    },
    ZSTD {
        @Override
        void unpack(byte[] packed, byte[] cluster) throws IOException {
            try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
                if (in.readNBytes(cluster, 0, cluster.length) < cluster.length) {
                    throw new IOException("the compressed data ends early");
                }
            }
        }

        @Override
        ByteBuffer pack(byte[] cluster) {
            byte[] packed = ZstdCompressor.compress(cluster);
            return packed.length < cluster.length ? ByteBuffer.wrap(packed) : null;
        }
    };

    /** Takes half the time of the usual level, and a few percent more space. */
    private static final int LEVEL = 4;

    static Codec of(int number, String image) throws IOException {
        if (number >= values().length) {
            throw new UnsupportedImageException(image, "it is compressed in the unknown way " + number);
        }
        return values()[number];
    }

    /** Fills a cluster. @param packed with whatever follows it in its last sector */
    abstract void unpack(byte[] packed, byte[] cluster) throws IOException;

    /** @return what takes less space, or null if there is none */
    abstract ByteBuffer pack(byte[] cluster);
}
