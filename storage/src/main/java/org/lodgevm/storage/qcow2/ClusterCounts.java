package org.lodgevm.storage.qcow2;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** How often clusters are referred to. Memory grows with those that are, not with the largest number. */
final class ClusterCounts {
    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;

    private final TreeMap<Long, int[]> pages = new TreeMap<>();

    void add(long cluster, int times) {
        pages.computeIfAbsent(cluster >>> PAGE_BITS, page -> new int[PAGE])[(int) cluster & PAGE - 1] += times;
    }

    void addAll(long first, long count) {
        for (long cluster = first; cluster < first + count; cluster++) {
            add(cluster, 1);
        }
    }

    int get(long cluster) {
        int[] page = pages.get(cluster >>> PAGE_BITS);
        return page == null ? 0 : page[(int) cluster & PAGE - 1];
    }

    /** One more than the last that is referred to. */
    long end() {
        for (Map.Entry<Long, int[]> page : pages.descendingMap().entrySet()) {
            for (int index = PAGE - 1; index >= 0; index--) {
                if (page.getValue()[index] != 0) {
                    return (page.getKey() << PAGE_BITS) + index + 1;
                }
            }
        }
        return 0;
    }

    int highest() {
        return pages.values().stream().flatMapToInt(Arrays::stream).max().orElse(0);
    }

    /** Whether any cluster from {@code first} to before {@code end} is referred to. */
    boolean anyIn(long first, long end) {
        for (Map.Entry<Long, int[]> page : pages.subMap(first >>> PAGE_BITS, true, end - 1 >>> PAGE_BITS, true).entrySet()) {
            long base = page.getKey() << PAGE_BITS;
            for (int i = (int) Math.max(0, first - base); i < Math.min(PAGE, end - base); i++) {
                if (page.getValue()[i] != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The first of so many clusters in a row that nothing refers to, from {@code from} on. */
    long gap(long from, long count) {
        long begin = from;
        for (long cluster = from; cluster < begin + count; cluster++) {
            if (get(cluster) != 0) {
                begin = cluster + 1;
            }
        }
        return begin;
    }
}
