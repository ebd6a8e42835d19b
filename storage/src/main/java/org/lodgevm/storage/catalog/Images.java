package org.lodgevm.storage.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.file.HostFile;
import org.lodgevm.storage.qcow2.Qcow2Format;
import org.lodgevm.storage.raw.RawFormat;

/** Opens and makes images. */
public final class Images {
    private static final List<ImageFormat> FORMATS = List.of(new Qcow2Format(), new RawFormat());

    private Images() {}

    public static List<String> formatNames() {
        return FORMATS.stream().map(ImageFormat::name).toList();
    }

    /** Of one name. */
    public static ImageFormat format(String name) {
        return FORMATS.stream().filter(format -> format.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "there is no format '%s', only %s".formatted(name, String.join(", ", formatNames()))));
    }

    /** What a file is by its beginning: raw if nothing else. */
    public static ImageFormat probe(ByteStore store) throws IOException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(ImageFormat.HEAD, store.size()));
        store.read(0, head);
        head.flip();
        for (ImageFormat format : FORMATS) {
            if (format.recognises(head.duplicate(), store)) {
                return format;
            }
        }
        return format("raw");
    }

    public static DiskImage open(Path path, Access access) throws IOException {
        return open(path.toString(), OpenOptions.of(access));
    }

    /** @param location a path, or {@code file:} and one */
    public static DiskImage open(String location, OpenOptions options) throws IOException {
        return new Chain(options).open(location);
    }

    /** Makes an image, in place of a file that may be there. */
    public static void create(String location, String format, long size, CreateOptions options, ReferencePolicy references) throws IOException {
        ImageFormat made = format(format);
        OpenOptions surroundings = OpenOptions.of(Access.WRITE).under(references);
        try (ByteStore store = HostFile.create(Locations.path(location))) {
            made.create(store, size, options, new Chain(surroundings));
        }
    }
}
