package org.lodgevm.storage.qcow2;

/**
 * The sizes that follow from a header's few numbers.
 *
 * @param clusterBits a cluster has 2 to this power bytes
 * @param refcountOrder a reference count has 2 to this power bits
 * @param subclusters whether an L2 entry has a bitmap of its 32 subclusters beside it
 */
record Geometry(int clusterBits, int refcountOrder, boolean subclusters) {
    static final int SUBCLUSTERS = 32;
    private static final int SUBCLUSTER_BITS = 5;

    int clusterSize() {
        return 1 << clusterBits;
    }

    long clusters(long bytes) {
        return (bytes + clusterSize() - 1 >>> clusterBits);
    }

    long clusterStart(long offset) {
        return offset & -clusterSize();
    }

    int inCluster(long offset) {
        return (int) (offset & clusterSize() - 1);
    }

    boolean isAligned(long offset) {
        return inCluster(offset) == 0;
    }

    int l2EntryLength() {
        return subclusters ? 2 * Long.BYTES : Long.BYTES;
    }

    private int l2Bits() {
        return clusterBits - (subclusters ? 4 : 3);
    }

    int l2Entries() {
        return 1 << l2Bits();
    }

    /** Which entry of L1 an offset of the disk belongs to. */
    long l1Index(long offset) {
        return offset >>> clusterBits + l2Bits();
    }

    int l2Index(long offset) {
        return (int) (offset >>> clusterBits) & l2Entries() - 1;
    }

    /** How many entries L1 needs for a disk. */
    long l1Entries(long diskSize) {
        long perTable = 1L << clusterBits + l2Bits();
        return diskSize == 0 ? 0 : (diskSize - 1) / perTable + 1;
    }

    int refcountBits() {
        return 1 << refcountOrder;
    }

    /** The largest count, unsigned. */
    long refcountLimit() {
        return refcountOrder == 6 ? -1 : (1L << refcountBits()) - 1;
    }

    /** How many clusters a refcount block counts. */
    int refcountsPerBlock() {
        return 1 << clusterBits + 3 - refcountOrder;
    }

    /** What is kept or left out as one. */
    int unitBits() {
        return subclusters ? clusterBits - SUBCLUSTER_BITS : clusterBits;
    }

    /** Where in a compressed cluster's descriptor the number of sectors begins. @qcow2 "Compressed Clusters Descriptor" */
    int sectorCountShift() {
        return 62 - (clusterBits - 8);
    }
}
