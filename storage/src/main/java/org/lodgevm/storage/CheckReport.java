package org.lodgevm.storage;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a check found and what it mended. A corruption is bookkeeping that can destroy content when it is relied on; a leak is
 * space that nothing refers to.
 *
 * @param problems the first of them, in words
 * @param imageEnd the end of the last piece in use, in the file
 */
public record CheckReport(
        long corruptions,
        long leaks,
        long corruptionsFixed,
        long leaksFixed,
        long totalClusters,
        long allocatedClusters,
        long compressedClusters,
        long fragmentedClusters,
        long imageEnd,
        List<String> problems) {
    public boolean isClean() {
        return corruptions == 0 && leaks == 0;
    }

    /** Of both together, as if one lay behind the other. */
    public CheckReport plus(CheckReport other) {
        return new CheckReport(
                corruptions + other.corruptions,
                leaks + other.leaks,
                corruptionsFixed + other.corruptionsFixed,
                leaksFixed + other.leaksFixed,
                totalClusters + other.totalClusters,
                allocatedClusters + other.allocatedClusters,
                compressedClusters + other.compressedClusters,
                fragmentedClusters + other.fragmentedClusters,
                Math.max(imageEnd, other.imageEnd),
                Stream.concat(problems.stream(), other.problems.stream()).toList());
    }
}
