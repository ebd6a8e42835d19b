package org.lodgevm.storage;

import java.util.List;
import java.util.Map;

/**
 * What an image says about itself.
 *
 * @param allocated how much space its files take
 * @param clusterSize the unit in which it allocates, or 0
 * @param backingFile as it is written in the image, or null
 * @param backingFormat or null
 * @param dirty whether it was not closed
 * @param details what only this format has: strings, numbers, booleans, lists and maps of them, in the order to show them
 */
public record ImageInfo(
        String format,
        long size,
        long allocated,
        long clusterSize,
        String backingFile,
        String backingFormat,
        boolean dirty,
        List<Snapshots.Entry> snapshots,
        Map<String, Object> details) {

    /** Of an image without backing file and snapshots. */
    public static ImageInfo of(String format, long size, long allocated, long clusterSize, Map<String, Object> details) {
        return new ImageInfo(format, size, allocated, clusterSize, null, null, false, List.of(), details);
    }
}
