package org.lodgevm.storage.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.storage.CorruptImageException;

/**
 * What follows the header's fields, by type.
 *
 * @qcow2 "Header extensions"
 */
record HeaderExtensions(Map<Integer, ByteBuffer> byType) {
    private static final int END = 0;
    private static final int BACKING_FORMAT = 0xe279_2aca;
    private static final int FEATURE_NAMES = 0x6803_f857;
    private static final int BITMAPS = 0x2385_2875;
    private static final int ALIGNMENT = 8;
    private static final int FEATURE_LENGTH = 48;
    private static final int LONGEST_FORMAT = 15;

    /** Those of a new image. @param backingFormat or null */
    static HeaderExtensions of(String backingFormat) {
        Map<Integer, ByteBuffer> extensions = new LinkedHashMap<>();
        if (backingFormat != null) {
            extensions.put(BACKING_FORMAT, ByteBuffer.wrap(backingFormat.getBytes(UTF_8)));
        }
        return new HeaderExtensions(extensions);
    }

    static HeaderExtensions parse(String name, ByteBuffer cluster, int from) throws IOException {
        Map<Integer, ByteBuffer> extensions = new LinkedHashMap<>();
        int at = from;
        while (at + 2 * Integer.BYTES <= cluster.capacity() && cluster.getInt(at) != END) {
            int type = cluster.getInt(at);
            int length = cluster.getInt(at + Integer.BYTES);
            at += 2 * Integer.BYTES;
            if (length < 0 || length > cluster.capacity() - at) {
                throw new CorruptImageException(name, at, "a header extension of %d bytes goes beyond its place".formatted(Integer.toUnsignedLong(length)));
            }
            extensions.put(type, cluster.slice(at, length));
            at += length + ALIGNMENT - 1 & -ALIGNMENT;
        }
        return new HeaderExtensions(extensions);
    }

    ByteBuffer encode() {
        int length = byType.values().stream().mapToInt(data -> 2 * Integer.BYTES + (data.capacity() + ALIGNMENT - 1 & -ALIGNMENT)).sum();
        ByteBuffer encoded = ByteBuffer.allocate(length + 2 * Integer.BYTES);
        byType.forEach((type, data) -> {
            encoded.putInt(type).putInt(data.capacity()).put(data.duplicate().clear());
            encoded.position(encoded.position() + ALIGNMENT - 1 & -ALIGNMENT);
        });
        return encoded.clear();
    }

    /** Of the backing file, or null. */
    String backingFormat() {
        ByteBuffer text = byType.get(BACKING_FORMAT);
        return text == null || text.capacity() > LONGEST_FORMAT ? null : UTF_8.decode(text.duplicate()).toString();
    }

    /** Where bitmaps are, or null. @qcow2 "Bitmaps extension" */
    ByteBuffer bitmaps() {
        return byType.get(BITMAPS);
    }

    /** What the image itself calls incompatible features. @qcow2 "Feature name table" */
    List<String> featureNames(long features) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((features >>> bit & 1) != 0) {
                names.add(featureName(bit));
            }
        }
        return names;
    }

    private String featureName(int bit) {
        ByteBuffer table = byType.get(FEATURE_NAMES);
        for (int at = 0; table != null && at + FEATURE_LENGTH <= table.capacity(); at += FEATURE_LENGTH) {
            if (table.get(at) == 0 && table.get(at + 1) == bit) {
                byte[] name = new byte[FEATURE_LENGTH - 2];
                table.get(at + 2, name);
                return new String(name, UTF_8).replaceFirst("\0.*", "");
            }
        }
        return "incompatible feature " + bit;
    }
}
