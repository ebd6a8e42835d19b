package org.lodgevm.devices.virtio.balloon;

/** What a guest tells of its memory, in bytes or events, by the numbers that drivers use. @virtio 5.5.6.4 */
public enum Statistic {
    SWAP_IN,
    SWAP_OUT,
    MAJOR_FAULTS,
    MINOR_FAULTS,
    FREE_MEMORY,
    TOTAL_MEMORY,
    AVAILABLE_MEMORY,
    DISK_CACHES,
    HUGETLB_ALLOCATIONS,
    HUGETLB_FAILURES
}
