package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/**
 * The options of TCP segments, one after the other: an object to be used again. Malformed ones end the list; those before count.
 *
 * @rfc 9293 3.2, @rfc 7323, @rfc 2018
 */
public final class TcpOptions {
    public static final int MAX_SACK_BLOCKS = 4;

    /** How much room the options take that {@code write} methods make. */
    public static final int TIMESTAMPS_SIZE = 12;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    private static final int MSS_SIZE = 4;
    private static final int WINDOW_SCALE_SIZE = 3;
    private static final int SACK_PERMITTED_SIZE = 2;
    private static final int TIMESTAMPS_OPTION_SIZE = 10;
    private static final int BLOCK_SIZE = 8;

    /** Larger ones count as this. @rfc 7323 2.3 */
    private static final int MAX_WINDOW_SCALE = 14;

    private int mss;
    private int windowScale;
    private boolean sackPermitted;
    private boolean timestamps;
    private int timestampValue;
    private int timestampEcho;
    private int sackBlocks;
    private final int[] sackEdges = new int[2 * MAX_SACK_BLOCKS];

    public void parse(Tcp segment) {
        mss = 0;
        windowScale = -1;
        sackPermitted = false;
        timestamps = false;
        sackBlocks = 0;
        ByteBuffer bytes = segment.bytes();
        int at = segment.optionsAt();
        int end = segment.payloadAt();
        while (at < end) {
            int kind = bytes.get(at) & 0xff;
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            if (kind == END || end - at < 2) {
                return;
            }
            int size = bytes.get(at + 1) & 0xff;
            if (size < 2 || size > end - at) {
                return;
            }
            option(bytes, kind, at, size);
            at += size;
        }
    }

    private void option(ByteBuffer bytes, int kind, int at, int size) {
        if (kind == MSS && size == MSS_SIZE) {
            mss = bytes.getShort(at + 2) & 0xffff;
        } else if (kind == WINDOW_SCALE && size == WINDOW_SCALE_SIZE) {
            windowScale = Math.min(bytes.get(at + 2) & 0xff, MAX_WINDOW_SCALE);
        } else if (kind == SACK_PERMITTED && size == SACK_PERMITTED_SIZE) {
            sackPermitted = true;
        } else if (kind == TIMESTAMPS && size == TIMESTAMPS_OPTION_SIZE) {
            timestamps = true;
            timestampValue = bytes.getInt(at + 2);
            timestampEcho = bytes.getInt(at + 6);
        } else if (kind == SACK && size % BLOCK_SIZE == 2) {
            sackBlocks = Math.min(size / BLOCK_SIZE, MAX_SACK_BLOCKS);
            for (int i = 0; i < 2 * sackBlocks; i++) {
                sackEdges[i] = bytes.getInt(at + 2 + i * Integer.BYTES);
            }
        }
    }

    /** 0 if it was not given. */
    public int mss() {
        return mss;
    }

    /** -1 if it was not given. */
    public int windowScale() {
        return windowScale;
    }

    public boolean sackPermitted() {
        return sackPermitted;
    }

    public boolean hasTimestamps() {
        return timestamps;
    }

    /** TSval. */
    public int timestampValue() {
        return timestampValue;
    }

    /** TSecr. */
    public int timestampEcho() {
        return timestampEcho;
    }

    public int sackBlocks() {
        return sackBlocks;
    }

    public int sackLeft(int block) {
        return sackEdges[2 * block];
    }

    public int sackRight(int block) {
        return sackEdges[2 * block + 1];
    }

    public static int writeMss(ByteBuffer bytes, int at, int mss) {
        bytes.put(at, (byte) MSS);
        bytes.put(at + 1, (byte) MSS_SIZE);
        bytes.putShort(at + 2, (short) mss);
        return at + MSS_SIZE;
    }

    /** With one byte in front, so that what follows is aligned. */
    public static int writeWindowScale(ByteBuffer bytes, int at, int shift) {
        bytes.put(at, (byte) NO_OPERATION);
        bytes.put(at + 1, (byte) WINDOW_SCALE);
        bytes.put(at + 2, (byte) WINDOW_SCALE_SIZE);
        bytes.put(at + 3, (byte) shift);
        return at + 4;
    }

    public static int writeSackPermitted(ByteBuffer bytes, int at) {
        return writeHead(bytes, at, SACK_PERMITTED, SACK_PERMITTED_SIZE);
    }

    public static int writeTimestamps(ByteBuffer bytes, int at, int value, int echo) {
        int body = writeHead(bytes, at, TIMESTAMPS, TIMESTAMPS_OPTION_SIZE);
        bytes.putInt(body, value);
        bytes.putInt(body + 4, echo);
        return body + 8;
    }

    /** Writes the beginning of a list of blocks, each of which is two sequence numbers. */
    public static int writeSack(ByteBuffer bytes, int at, int blocks) {
        return writeHead(bytes, at, SACK, 2 + blocks * BLOCK_SIZE);
    }

    private static int writeHead(ByteBuffer bytes, int at, int kind, int size) {
        bytes.put(at, (byte) NO_OPERATION);
        bytes.put(at + 1, (byte) NO_OPERATION);
        bytes.put(at + 2, (byte) kind);
        bytes.put(at + 3, (byte) size);
        return at + 4;
    }
}
