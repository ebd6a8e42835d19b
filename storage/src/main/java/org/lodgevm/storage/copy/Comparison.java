package org.lodgevm.storage.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;

/** Compares what two images hold. The shorter one is taken to go on with zeroes. */
public record Comparison(BlockImage one, BlockImage other, Progress progress) {
    private static final int CHUNK = 1 << 20;

    /** @return the first byte that is not the same in both */
    public OptionalLong firstDifference() throws IOException {
        long total = Math.max(one.size(), other.size());
        ByteBuffer a = ByteBuffer.allocateDirect(CHUNK);
        ByteBuffer b = ByteBuffer.allocateDirect(CHUNK);
        for (long at = 0; at < total;) {
            Extent here = extent(one, at, total);
            Extent there = extent(other, at, total);
            long length = Math.min(here.end(), there.end()) - at;
            if (!here.zero() || !there.zero()) {
                length = Math.min(length, CHUNK);
                int mismatch = read(one, at, length, here, a).mismatch(read(other, at, length, there, b));
                if (mismatch >= 0) {
                    return OptionalLong.of(at + mismatch);
                }
            }
            at += length;
            progress.advance(at, total);
        }
        return OptionalLong.empty();
    }

    private static Extent extent(BlockImage image, long at, long total) throws IOException {
        return at < image.size() ? image.extent(at, image.size() - at) : Extent.absent(at, total - at);
    }

    private static ByteBuffer read(BlockImage image, long at, long length, Extent extent, ByteBuffer into) throws IOException {
        into.clear().limit((int) length);
        if (extent.zero()) {
            while (into.hasRemaining()) {
                into.put((byte) 0);
            }
        } else {
            image.read(at, into);
        }
        return into.flip();
    }
}
