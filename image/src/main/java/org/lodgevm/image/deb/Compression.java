package org.lodgevm.image.deb;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.lodgevm.storage.zstd.ZstdInputStream;
import org.tukaani.xz.XZInputStream;

/** The ways in which the parts of a package and the indices of an archive are compressed. */
public enum Compression {
    NONE("") {
        @Override
        InputStream open(InputStream in) {
            return in;
        }
    },
    GZIP(".gz") {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new GZIPInputStream(in, BUFFER);
        }
    },
    XZ(".xz") {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new XZInputStream(in, MEMORY_KIB);
        }
    },
    ZSTD(".zst") {
        @Override
        InputStream open(InputStream in) {
            return new ZstdInputStream(in);
        }
    };

    private static final int BUFFER = 64 * 1024;
    /** What {@code xz -9} needs to unpack, twice. */
    private static final int MEMORY_KIB = 128 * 1024;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** The compression that a name ends in. */
    public static Compression of(String name) {
        for (Compression compression : values()) {
            if (compression != NONE && name.endsWith(compression.suffix)) {
                return compression;
            }
        }
        return NONE;
    }

    /** What a file name ends in, or nothing. */
    public String suffix() {
        return suffix;
    }

    /** The content of a compressed stream. */
    public InputStream unpack(InputStream in) throws IOException {
        return open(in);
    }

    abstract InputStream open(InputStream in) throws IOException;
}
