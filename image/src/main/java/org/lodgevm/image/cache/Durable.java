package org.lodgevm.image.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Puts a finished file in its place such that it is there whole, even after a crash, or not at all. */
final class Durable {
    private Durable() {}

    static void move(Path finished, Path place) throws IOException {
        try (FileChannel file = FileChannel.open(finished, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(finished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(place.getParent(), StandardOpenOption.READ)) {
            parent.force(true);
        } catch (IOException unsupported) {
            // Windows cannot open a folder; there the rename itself is journalled.
        }
    }
}
