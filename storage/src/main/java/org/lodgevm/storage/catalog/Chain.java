package org.lodgevm.storage.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.file.HostFile;

/** Opens an image and those below it, one after the other. */
final class Chain implements Surroundings {
    private static final int LONGEST = 200;

    private final OpenOptions options;
    /** Where the images above are. */
    private final List<String> above;

    Chain(OpenOptions options) {
        this(options, List.of());
    }

    private Chain(OpenOptions options, List<String> above) {
        this.options = options;
        this.above = above;
    }

    DiskImage open(String location) throws IOException {
        ByteStore store = Locations.open(location, options.access(), options.direct());
        try {
            ImageFormat format = options.format() == null ? Images.probe(store) : Images.format(options.format());
            return format.open(store, new Chain(options, with(identity(location))));
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private List<String> with(String location) {
        List<String> chain = new ArrayList<>(above);
        chain.add(location);
        return chain;
    }

    private static String identity(String location) throws IOException {
        return Locations.isFile(location) ? Locations.path(location).toRealPath().toString() : location;
    }

    private String permitted(ByteStore image, String reference) throws IOException {
        String location = Locations.resolve(image.name(), reference);
        Optional<Path> path = Locations.isFile(location) ? Optional.of(Locations.path(location)) : Optional.empty();
        options.references().check(new Reference(image.name(), reference, path));
        return location;
    }

    @Override
    public DiskImage openBacking(ByteStore image, String reference, String format) throws IOException {
        String location = permitted(image, reference);
        if (above.contains(identity(location))) {
            throw new CorruptImageException(image.name(), "its backing file '%s' is above it in the chain, so that there is no end".formatted(reference));
        }
        if (above.size() >= LONGEST) {
            throw new CorruptImageException(image.name(), "its backing chain has more than %d files".formatted(LONGEST));
        }
        try {
            return new Chain(options.below(format), above).open(location);
        } catch (IllegalArgumentException e) {
            throw new CorruptImageException(image.name(), "of its backing file: " + e.getMessage());
        }
    }

    @Override
    public ByteStore openExtent(ByteStore image, String reference) throws IOException {
        return Locations.open(permitted(image, reference), options.access(), options.direct());
    }

    @Override
    public ByteStore createExtent(ByteStore image, String reference) throws IOException {
        return HostFile.create(Locations.path(permitted(image, reference)));
    }

    @Override
    public boolean skipsBacking() {
        return options.skipBacking();
    }

    @Override
    public boolean isRepair() {
        return options.repair();
    }
}
