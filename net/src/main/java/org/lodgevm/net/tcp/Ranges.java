package org.lodgevm.net.tcp;

/** A few disjoint ranges of stream positions, in order: what has arrived, or was selectively acknowledged, ahead of a gap. */
final class Ranges {
    /** More gaps than this at once are not kept track of. */
    private static final int LIMIT = 64;

    private final long[] starts = new long[LIMIT + 1];
    private final long[] ends = new long[LIMIT + 1];
    private int count;

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    long start(int i) {
        return starts[i];
    }

    long end(int i) {
        return ends[i];
    }

    /** Where the last range ends; the ranges are not empty. */
    long top() {
        return ends[count - 1];
    }

    /** Bytes in all ranges. */
    long size() {
        long size = 0;
        for (int i = 0; i < count; i++) {
            size += ends[i] - starts[i];
        }
        return size;
    }

    /** Adds a range, joining it with those that it touches. @return false if there are too many: it was not added */
    boolean add(long start, long end) {
        int first = 0;
        while (first < count && ends[first] < start) {
            first++;
        }
        int next = first;
        long newStart = start;
        long newEnd = end;
        while (next < count && starts[next] <= end) {
            newStart = Math.min(newStart, starts[next]);
            newEnd = Math.max(newEnd, ends[next]);
            next++;
        }
        if (next == first && count == LIMIT) {
            return false;
        }
        replace(first, next, newStart, newEnd);
        return true;
    }

    private void replace(int from, int to, long start, long end) {
        int rest = count - to;
        System.arraycopy(starts, to, starts, from + 1, rest);
        System.arraycopy(ends, to, ends, from + 1, rest);
        starts[from] = start;
        ends[from] = end;
        count = from + 1 + rest;
    }

    /** Forgets everything below a position. */
    void removeBelow(long position) {
        int gone = 0;
        while (gone < count && ends[gone] <= position) {
            gone++;
        }
        count -= gone;
        System.arraycopy(starts, gone, starts, 0, count);
        System.arraycopy(ends, gone, ends, 0, count);
        if (count > 0) {
            starts[0] = Math.max(starts[0], position);
        }
    }

    void clear() {
        count = 0;
    }

    /** The index of the range that a position is in, or -1. */
    int indexOf(long position) {
        for (int i = 0; i < count && starts[i] <= position; i++) {
            if (position < ends[i]) {
                return i;
            }
        }
        return -1;
    }

    /** Where the first range begins that is at or behind a position; {@link Long#MAX_VALUE} if there is none. */
    long startAfter(long position) {
        for (int i = 0; i < count; i++) {
            if (starts[i] >= position) {
                return starts[i];
            }
        }
        return Long.MAX_VALUE;
    }
}
