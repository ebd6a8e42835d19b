package org.lodgevm.vm.boot;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Kernels that come compressed by gzip, as Xen's does. @rfc 1952 */
final class Gzip {
    private static final byte[] MAGIC = {0x1f, (byte) 0x8b, 8};
    /** More than any kernel needs; bounds what a hostile file can do to the heap. */
    private static final int MOST = 128 << 20;

    private Gzip() {}

    static boolean matches(byte[] head) {
        return head.length >= MAGIC.length && head[0] == MAGIC[0] && head[1] == MAGIC[1] && head[2] == MAGIC[2];
    }

    /** The file itself, or what it holds if it is compressed. */
    static BootFile expanded(BootFile file) {
        if (!matches(file.read(0, (int) Math.min(file.size(), MAGIC.length)))) {
            return file;
        }
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(file.stream()))) {
            byte[] bytes = in.readNBytes(MOST + 1);
            if (bytes.length > MOST) {
                throw new BootException("%s holds more than %d MiB, which is no kernel; check the file".formatted(file.name(), MOST >> 20));
            }
            return BootFile.of(file.name(), bytes);
        } catch (EOFException e) {
            throw new BootException("%s is truncated: its compressed contents go on; fetch or build it again".formatted(file.name()), e);
        } catch (IOException e) {
            throw new BootException("%s cannot be decompressed (%s); fetch or build it again".formatted(file.name(), e.getMessage()), e);
        }
    }
}
