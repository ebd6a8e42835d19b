package org.lodgevm.storage.vmdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;

/**
 * The text that describes a disk.
 *
 * @param offset where in its file it is
 * @vmdk "The Descriptor File"
 */
record VmdkDescriptor(ByteStore store, long offset, String text, Map<String, String> values, List<Extent> extents) {
    /** A line about an extent. @param type SPARSE, FLAT, ZERO or what we do not know @param file or null */
    record Extent(long sectors, String type, String file, long offset) {}

    static final String BEGIN = "# Disk DescriptorFile";
    private static final int LONGEST = 1 << 16;
    private static final int MOST_EXTENTS = 4096;
    private static final Pattern EXTENT = Pattern.compile("(RW|RDONLY|NOACCESS)\\s+(\\d{1,18})\\s+([A-Z0-9]+)(?:\\s+\"([^\"]*)\"(?:\\s+(\\d{1,18}))?.*)?");
    private static final Pattern VALUE = Pattern.compile("([\\w.]+)\\s*=\\s*\"?([^\"]*)\"?");
    private static final Pattern CID = Pattern.compile("(?m)^CID=([0-9a-fA-F]{8})");
    private static final String NO_PARENT = "ffffffff";

    static VmdkDescriptor read(ByteStore store, long offset, long length) throws IOException {
        if (offset < 0 || offset > store.size() || length < 0) {
            throw new CorruptImageException(store.name(), offset, "the descriptor is not inside of the file");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, LONGEST));
        store.read(offset, bytes);
        String text = UTF_8.decode(bytes.flip()).toString().replaceFirst("(?s)\0.*", "");
        if (!text.startsWith(BEGIN)) {
            throw new CorruptImageException(store.name(), offset, "there is no descriptor of a VMDK");
        }
        Map<String, String> values = new HashMap<>();
        List<Extent> extents = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            Matcher extent = EXTENT.matcher(line);
            Matcher value = VALUE.matcher(line);
            if (extent.matches() && extents.size() < MOST_EXTENTS) {
                extents.add(new Extent(
                        Long.parseLong(extent.group(2)), extent.group(3), extent.group(4), extent.group(5) == null ? 0 : Long.parseLong(extent.group(5))));
            } else if (value.matches()) {
                values.put(value.group(1), value.group(2));
            }
        }
        return new VmdkDescriptor(store, offset, text, values, extents);
    }

    String createType() {
        return values.getOrDefault("createType", "unknown");
    }

    /** The file of the disk to which this is the difference. */
    Optional<String> parent() {
        boolean none = values.getOrDefault("parentCID", NO_PARENT).equalsIgnoreCase(NO_PARENT);
        return none ? Optional.empty() : Optional.ofNullable(values.get("parentFileNameHint"));
    }

    /** Says that the content has changed, so that differences to this disk are known not to fit any more. */
    void renew() throws IOException {
        Matcher cid = CID.matcher(text);
        if (cid.find()) {
            store.write(offset + text.substring(0, cid.start(1)).getBytes(UTF_8).length, UTF_8.encode(newCid()));
        }
    }

    static String newCid() {
        return "%08x".formatted(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE - 1));
    }

    /** The text of a new disk in one extent. */
    static String text(String createType, String adapter, Extent extent) {
        int heads = adapter.equals("ide") ? 16 : 255;
        long cylinders = Math.min(extent.sectors / (heads * 63L), adapter.equals("ide") ? 16383 : 65535);
        return """
                %s
                version=1
                CID=%s
                parentCID=%s
                createType="%s"

                # Extent description
                RW %d %s "%s"%s

                # The Disk Data Base
                #DDB

                ddb.virtualHWVersion = "4"
                ddb.geometry.cylinders = "%d"
                ddb.geometry.heads = "%d"
                ddb.geometry.sectors = "63"
                ddb.adapterType = "%s"
                """.formatted(
                        BEGIN, newCid(), NO_PARENT, createType, extent.sectors, extent.type, extent.file,
                        extent.type.equals("FLAT") ? " " + extent.offset : "", cylinders, heads, adapter);
    }
}
