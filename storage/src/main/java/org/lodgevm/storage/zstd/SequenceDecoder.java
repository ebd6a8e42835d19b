package org.lodgevm.storage.zstd;

import static org.lodgevm.storage.zstd.MalformedZstdException.check;

/**
 * Decodes and carries out a block's sequences.
 *
 * @rfc 8878 3.1.1.3.2, 3.1.1.4, 3.1.1.5
 */
final class SequenceDecoder {
    static final int[] LITERALS_BASE = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512,
        1024, 2048, 4096, 8192, 16384, 32768, 65536
    };
    static final int[] LITERALS_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    };
    static final int[] MATCH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
        33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539
    };
    static final int[] MATCH_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2,
        3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    };
    static final FseTable LITERALS_DEFAULT = FseTable.of(
            6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1,
            -1);
    static final FseTable OFFSET_DEFAULT = FseTable.of(
            5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1);
    static final FseTable MATCH_DEFAULT = FseTable.of(
            6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);

    private static final int LITERALS_LOG = 9;
    private static final int OFFSET_LOG = 8;
    private static final int MATCH_LOG = 9;
    private static final int LARGEST_OFFSET_CODE = 31;

    private static final int LONG_COUNT = 0x7f00;
    private static final int RESERVED_MODES = 3;

    private final int[] recent = {1, 4, 8};
    private FseTable literalsTable;
    private FseTable offsetTable;
    private FseTable matchTable;
    private int at;

    void decode(byte[] block, int start, int end, byte[] literals, int literalsLength, Window window)
            throws MalformedZstdException {
        at = start;
        int count = readCount(block, end);
        int used = 0;
        if (count > 0) {
            readTables(block, end);
            BackwardBits bits = new BackwardBits(block, at, end);
            int literalsState = bits.read(literalsTable.log());
            int offsetState = bits.read(offsetTable.log());
            int matchState = bits.read(matchTable.log());
            for (int i = count; i > 0; i--) {
                int offsetCode = offsetTable.symbol(offsetState);
                int matchCode = matchTable.symbol(matchState);
                int literalsCode = literalsTable.symbol(literalsState);
                long offset = (1L << offsetCode) + (bits.read(offsetCode) & 0xffff_ffffL);
                int match = MATCH_BASE[matchCode] + bits.read(MATCH_BITS[matchCode]);
                int run = LITERALS_BASE[literalsCode] + bits.read(LITERALS_BITS[literalsCode]);
                check(bits.left() >= 0, "the sequences are cut off");
                check(run <= literalsLength - used, "there are too few literals");
                window.append(literals, used, run);
                used += run;
                window.repeat(offset(offset, run), match);
                if (i > 1) {
                    literalsState = literalsTable.next(literalsState, bits);
                    matchState = matchTable.next(matchState, bits);
                    offsetState = offsetTable.next(offsetState, bits);
                }
            }
            check(bits.left() == 0, "the sequences have another length than they say");
        } else {
            check(at == end, "something follows the literals");
        }
        window.append(literals, used, literalsLength - used);
    }

    private int readCount(byte[] block, int end) throws MalformedZstdException {
        int first = next(block, end);
        if (first < 128) {
            return first;
        }
        int second = next(block, end);
        return first < 255 ? (first - 128 << 8) + second : second + (next(block, end) << 8) + LONG_COUNT;
    }

    private void readTables(byte[] block, int end) throws MalformedZstdException {
        int modes = next(block, end);
        check((modes & RESERVED_MODES) == 0, "reserved bits are set");
        literalsTable = table(
                modes >> 6, block, end, literalsTable, LITERALS_DEFAULT, LITERALS_LOG, LITERALS_BASE.length - 1);
        offsetTable = table(modes >> 4 & 3, block, end, offsetTable, OFFSET_DEFAULT, OFFSET_LOG, LARGEST_OFFSET_CODE);
        matchTable = table(modes >> 2 & 3, block, end, matchTable, MATCH_DEFAULT, MATCH_LOG, MATCH_BASE.length - 1);
    }

    private FseTable table(
            int mode, byte[] block, int end, FseTable previous, FseTable predefined, int log, int largest)
            throws MalformedZstdException {
        switch (mode) {
            case 0:
                return predefined;
            case 1:
                int symbol = next(block, end);
                check(symbol <= largest, "a sequence has an unknown code");
                return FseTable.single(symbol);
            case 2:
                FseTable.Read read = FseTable.read(block, at, end, log, largest);
                at = read.end();
                return read.table();
            default:
                check(previous != null, "there is no entropy table to use again");
                return previous;
        }
    }

    /** The smallest values stand for offsets that were used last. @rfc 8878 3.1.1.5 */
    private long offset(long value, int run) {
        if (value > recent.length) {
            return use(recent.length - 1, value - recent.length);
        }
        int index = (int) value - 1 + (run == 0 ? 1 : 0);
        return index == recent.length ? use(recent.length - 1, recent[0] - 1L) : use(index, recent[index]);
    }

    /** Puts an offset first, before those that came before the one it replaces. */
    private long use(int replaced, long offset) {
        System.arraycopy(recent, 0, recent, 1, replaced);
        recent[0] = (int) offset;
        return offset;
    }

    private int next(byte[] block, int end) throws MalformedZstdException {
        check(at < end, "the sequences are cut off");
        return block[at++] & 0xff;
    }
}
