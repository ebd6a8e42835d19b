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
import org.lodgevm.storage.vdi.VdiFormat;
import org.lodgevm.storage.vhd.VhdFormat;
import org.lodgevm.storage.vhdx.VhdxFormat;
import org.lodgevm.storage.vmdk.VmdkFormat;

/** Opens and makes images. */
public final class Images {
    private static final List<ImageFormat> FORMATS =
            List.of(new RawFormat(), new Qcow2Format(), new VdiFormat(), new VhdFormat(), new VhdxFormat(), new VmdkFormat());

    private Images() {}

    public static List<String> formatNames() {
        return FORMATS.stream().map(ImageFormat::name).toList();
    }

    /** Of one name. What QEMU calls {@code vpc} is a {@code vhd} to everybody else. */
    public static ImageFormat format(String name) {
        String known = name.equals("vhd") ? "vpc" : name;
        return FORMATS.stream().filter(format -> format.name().equals(known)).findFirst().orElseThrow(() -> new IllegalArgumentException(
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

    /** @param location a path, {@code file:} and one, or an NBD export: {@code nbd://host:port/export} */
    public static DiskImage open(String location, OpenOptions options) throws IOException {
        return new Chain(options).open(location);
    }

    /**
     * Opens a qcow2 image, to write to it, whose backing image is open already and is closed with it.
     *
     * @param base the backing image that the file names
     */
    public static DiskImage openOver(Path overlay, DiskImage base) throws IOException {
        HostFile store = HostFile.open(overlay, Access.WRITE);
        try {
            return format("qcow2").open(store, new OpenBacking(base));
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** What a name that is written in the image {@code base} means here. */
    public static String resolve(String base, String reference) throws IOException {
        return Locations.resolve(base, reference);
    }

    /** Makes an image, in place of a file that may be there. */
    public static void create(String location, String format, long size, CreateOptions options, ReferencePolicy references) throws IOException {
        ImageFormat made = format(format);
        OpenOptions surroundings = OpenOptions.of(Access.WRITE).under(references);
        try (ByteStore store = Locations.create(location)) {
            made.create(store, size, options, new Chain(surroundings));
        }
    }
}
