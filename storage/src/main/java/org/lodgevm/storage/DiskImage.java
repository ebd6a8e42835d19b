package org.lodgevm.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A disk in a file of some format, with what formats offer beside content. */
public interface DiskImage extends BlockImage {
    /** What the file says about itself. */
    ImageInfo info() throws IOException;

    /** The image that has the content which this one lacks. */
    default Optional<DiskImage> backing() {
        return Optional.empty();
    }

    /** Looks through all bookkeeping, and mends as much as {@code repair} says. */
    default CheckReport check(Repair repair) throws IOException {
        throw new UnsupportedImageException(name(), "the format %s has nothing to check".formatted(info().format()));
    }

    /** Earlier states that the image keeps inside. */
    default Snapshots snapshots() throws IOException {
        throw new UnsupportedImageException(name(), "the format %s has no internal snapshots".formatted(info().format()));
    }

    /** The piece that {@link #writeCompressed} takes, or 0 if the format does not compress. */
    default int compressionUnit() {
        return 0;
    }

    /** Whether content can be written compressed only. */
    default boolean isAlwaysCompressed() {
        return false;
    }

    /**
     * Compresses a unit, which may take long: by as many threads as one likes.
     *
     * @param unit a unit; less only at the end of the disk
     */
    default Packed pack(ByteBuffer unit) throws IOException {
        throw new UnsupportedImageException(name(), "it cannot be written to compressed");
    }

    /**
     * Writes what was packed for this image to where nothing was written before.
     *
     * @param offset a multiple of {@link #compressionUnit}
     */
    default void writePacked(long offset, Packed packed) throws IOException {
        throw new UnsupportedImageException(name(), "it cannot be written to compressed");
    }

    /** Both in one. */
    default void writeCompressed(long offset, ByteBuffer unit) throws IOException {
        writePacked(offset, pack(unit));
    }

    /** A unit. @param content as it is @param packed as it is kept, or null if that would take more space */
    record Packed(ByteBuffer content, ByteBuffer packed) {}

    /**
     * Makes all of it durable and gives up writing: it is open for reading from now on, and others may open it so. Nobody else writes to it before that, or
     * while this one has it open. Only reads may be under way.
     */
    default void freeze() throws IOException {
        throw new UnsupportedImageException(name(), "an image in format %s cannot be frozen, only qcow2 and raw".formatted(info().format()));
    }

    /** Gives up all that the image has over its backing image. */
    default void empty() throws IOException {
        throw new UnsupportedImageException(name(), "it cannot be emptied");
    }
}
