package org.lodgevm.fuzz.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.Fuzzer;
import org.lodgevm.fuzz.images.Samples.Sample;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.UnsupportedImageException;
import org.lodgevm.storage.catalog.Images;

/** One damaged image a case, of each sample in turn. */
public final class ImagesFuzzer implements Fuzzer {
    /** What became of the images of one kind. */
    private static final class Count {
        private int cases;
        private int opened;
        private long refusals;
    }

    private final Samples samples;
    private final Map<String, Count> counts = new TreeMap<>();

    /** @param more images to damage beside its own, of some megabytes at most: others' may have what Lodge's have not */
    public ImagesFuzzer(List<Path> more) throws IOException {
        samples = new Samples(more);
    }

    @Override
    public void run(long seed) throws IOException {
        Sample sample = samples.all().get(Math.floorMod(seed, samples.all().size()));
        Count count = counts.computeIfAbsent(sample.format().name() + " with " + sample.what(), ignored -> new Count());
        count.cases++;
        Dice dice = new Dice(seed);
        byte[] file = Damage.damaged(sample, dice);
        try (DiskImage disk = open(sample, file, dice.oneIn(4))) {
            count.opened++;
            count.refusals += new Use(disk, dice).all();
        } catch (StorageException e) {
            Use.requireName(e);
        }
    }

    /** To write to it if that is possible. */
    private static DiskImage open(Sample sample, byte[] file, boolean readOnly) throws IOException {
        GrowingStore store = new GrowingStore(file, readOnly);
        Images.probe(store);
        try {
            return sample.format().open(store, Samples.ANYTHING);
        } catch (UnsupportedImageException e) {
            Use.requireName(e);
            return sample.format().open(new GrowingStore(file, true), Samples.ANYTHING);
        }
    }

    @Override
    public String summary() {
        StringBuilder all = new StringBuilder("cases, those that could be opened, and what was refused of 24 acts each:");
        counts.forEach((kind, count) -> all.append("%n  %,10d %,10d %,12d %s".formatted(count.cases, count.opened, count.refusals, kind)));
        return all.toString();
    }
}
