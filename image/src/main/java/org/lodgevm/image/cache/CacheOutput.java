package org.lodgevm.image.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Writes a file of the cache. That it cannot be written is told apart from whatever else may fail meanwhile. */
final class CacheOutput extends OutputStream {
    private final Cache cache;
    private final Path file;
    private final OutputStream out;

    CacheOutput(Cache cache, Path file, OpenOption... options) {
        this.cache = cache;
        this.file = file;
        try {
            this.out = Files.newOutputStream(file, options);
        } catch (IOException e) {
            throw cache.cannotWrite(file, e);
        }
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw cache.cannotWrite(file, e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw cache.cannotWrite(file, e);
        }
    }
}
