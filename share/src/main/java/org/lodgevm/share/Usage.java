package org.lodgevm.share;

/** What a file system has room for. Source: statfs(2). @param blockSize the unit of the three counts of blocks */
public record Usage(long blocks, long free, long available, long files, long freeFiles, int blockSize, int longestName, int fragmentSize) {}
