package org.lodgevm.fuzz.images;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.catalog.Images;

/** Sound images, small ones with little content, as all of it that is damaged tries no reader. */
final class Samples {
    /** An image. @param what it has that others have not @param file its bytes @param words offsets of its words of eight bytes that are not zero */
    record Sample(ImageFormat format, String what, byte[] file, int[] words) {}

    private static final int SIZE = 300 << 10;
    /** Where there is compressed content; a multiple of all units. */
    private static final int COMPRESSED = 192 << 10;

    private static final byte[] TEXT = "words words, words, words and more".getBytes(US_ASCII);

    /** Whatever else an image names is there, and has some bytes. */
    static final Surroundings ANYTHING = new Surroundings() {
        @Override
        public DiskImage openBacking(ByteStore image, String reference, String format) throws IOException {
            return Images.format("raw").open(openExtent(image, reference), this);
        }

        @Override
        public ByteStore openExtent(ByteStore image, String reference) {
            return new GrowingStore(new byte[1 << 19], image.isReadOnly());
        }

        @Override
        public ByteStore createExtent(ByteStore image, String reference) {
            return new GrowingStore(new byte[0], false);
        }
    };

    private final List<Sample> all = new ArrayList<>();

    /** Some formats have more to read than others. */
    Samples(List<Path> more) throws IOException {
        for (String options : List.of("cluster_size=512", "cluster_size=4k,refcount_bits=1", "cluster_size=1k,compat=0.10", "cluster_size=512,lazy_refcounts=on",
                "cluster_size=4k,compression_type=zstd", "cluster_size=512,backing_file=below,backing_fmt=raw")) {
            add("qcow2", options, options.contains("refcount_bits=1"));
        }
        for (String options : List.of("subformat=monolithicSparse", "subformat=monolithicFlat", "subformat=streamOptimized", "subformat=streamOptimized", "zeroed_grain=on")) {
            add("vmdk", options, true);
        }
        for (String options : List.of("subformat=dynamic", "subformat=dynamic", "subformat=fixed")) {
            add("vpc", options, true);
        }
        for (String options : List.of("static=off", "static=on")) {
            add("vdi", options, true);
        }
        add("raw", "preallocation=off", true);
        GrowingStore begun = new GrowingStore(new byte[0], false);
        ImageFormat vmdk = Images.format("vmdk");
        vmdk.create(begun, SIZE, CreateOptions.parse("subformat=streamOptimized"), ANYTHING);
        all.add(new Sample(vmdk, "subformat=streamOptimized and nothing written", begun.content(), words(begun.content())));
        add("vhdx", "block_size=1M", true);
        add("vhdx", "block_size=1M,subformat=fixed", true);
        Sample plain = add("vhdx", "block_size=1M", true);
        byte[] logged = Vhdx.withLog(plain.file);
        all.add(new Sample(plain.format, "a log to be played back", logged, words(logged)));
        for (Path path : more) {
            byte[] file = Files.readAllBytes(path);
            all.add(new Sample(Images.probe(new GrowingStore(file, true)), "what is in " + path, file, words(file)));
        }
    }

    List<Sample> all() {
        return all;
    }

    private Sample add(String name, String options, boolean withoutSnapshot) throws IOException {
        ImageFormat format = Images.format(name);
        GrowingStore store = new GrowingStore(new byte[0], false);
        format.create(store, SIZE, CreateOptions.parse(options), ANYTHING);
        try (DiskImage disk = format.open(store, ANYTHING)) {
            fill(disk);
            if (!withoutSnapshot) {
                disk.snapshots().create("before");
                disk.write(5000, ByteBuffer.wrap(TEXT));
            }
        }
        byte[] file = store.content();
        Sample sample = new Sample(format, options, file, words(file));
        all.add(sample);
        return sample;
    }

    private static void fill(DiskImage disk) throws IOException {
        if (!disk.isAlwaysCompressed()) {
            for (int at = 1000; at < SIZE / 2; at += 9000) {
                disk.write(at, ByteBuffer.wrap(TEXT));
            }
            disk.writeZeroes(SIZE / 2, 20_000, false);
        }
        int unit = disk.compressionUnit();
        for (int at = COMPRESSED; unit > 0 && at + unit <= Math.min(SIZE, COMPRESSED + 8 * unit); at += unit) {
            disk.writeCompressed(at, ByteBuffer.allocate(unit).put(5, (byte) at).put(unit / 4, letters(unit / 2)));
        }
    }

    /** What compresses, but not by repetition alone. */
    private static byte[] letters(int count) {
        byte[] letters = new Dice(count).bytes(count);
        for (int i = 0; i < count; i++) {
            letters[i] = TEXT[(letters[i] & 0xff) * (letters[i] & 0xff) % TEXT.length];
        }
        return letters;
    }

    private static int[] words(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        List<Integer> words = new ArrayList<>();
        for (int at = 0; at + Long.BYTES <= file.length; at += Long.BYTES) {
            if (bytes.getLong(at) != 0) {
                words.add(at);
            }
        }
        return words.stream().mapToInt(Integer::intValue).toArray();
    }
}
