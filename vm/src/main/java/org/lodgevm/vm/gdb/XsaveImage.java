package org.lodgevm.vm.gdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.lodgevm.machine.VcpuState;

/** The x87 and vector registers of a CPU, in its XSAVE image. A part whose bit is clear is in its initial state. @sdm 13.4 */
final class XsaveImage {
    static final int ST = 32;
    static final int XMM = 160;
    static final int YMM_HIGH = 576;

    private static final int FCW = 0;
    private static final int FSW = 2;
    private static final int FTW = 4;
    private static final int FOP = 6;
    private static final int FIP = 8;
    private static final int FDP = 16;
    private static final int SELECTOR = 4;
    private static final int MXCSR = 24;
    private static final int PARTS = 512;
    private static final int SIZE = YMM_HIGH + 16 * 16;

    private static final int X87 = 1;
    private static final int SSE = 1 << 1;
    private static final int AVX = 1 << 2;

    private static final short INITIAL_FCW = 0x37f;
    private static final int INITIAL_MXCSR = 0x1f80;
    private static final int EXPONENT = 0x7fff;
    private static final int VALID = 0;
    private static final int ZERO = 1;
    private static final int SPECIAL = 2;
    private static final int EMPTY = 3;

    private final ByteBuffer image;

    private XsaveImage(ByteBuffer image) {
        this.image = image;
    }

    /** The state's own, in which everything is written out from now on. */
    static XsaveImage of(VcpuState state) {
        boolean fresh = state.xsave.length < PARTS + Long.BYTES;
        if (state.xsave.length < SIZE) {
            state.xsave = Arrays.copyOf(state.xsave, SIZE);
        }
        XsaveImage image = new XsaveImage(ByteBuffer.wrap(state.xsave).order(ByteOrder.LITTLE_ENDIAN));
        image.writeOut(fresh ? 0 : image.image.getLong(PARTS));
        return image;
    }

    private void writeOut(long parts) {
        if ((parts & X87) == 0) {
            Arrays.fill(image.array(), 0, MXCSR, (byte) 0);
            image.putShort(FCW, INITIAL_FCW);
            Arrays.fill(image.array(), ST, XMM, (byte) 0);
        }
        if ((parts & SSE) == 0) {
            Arrays.fill(image.array(), XMM, XMM + 16 * 16, (byte) 0);
        }
        if ((parts & (SSE | AVX)) == 0) {
            image.putInt(MXCSR, INITIAL_MXCSR);
        }
        if ((parts & AVX) == 0) {
            Arrays.fill(image.array(), YMM_HIGH, SIZE, (byte) 0);
        }
        image.putLong(PARTS, parts | X87 | SSE | AVX);
    }

    byte[] bytes(int at, int length) {
        return Arrays.copyOfRange(image.array(), at, at + length);
    }

    void bytes(int at, byte[] bytes) {
        image.put(at, bytes);
    }

    int mxcsr() {
        return image.getInt(MXCSR);
    }

    void mxcsr(int value) {
        image.putInt(MXCSR, value);
    }

    /** The x87 unit's registers beside the stack, as GDB splits them. */
    enum Control {
        FCTRL,
        FSTAT,
        FTAG,
        FISEG,
        FIOFF,
        FOSEG,
        FOOFF,
        FOP;

        int read(XsaveImage x) {
            ByteBuffer image = x.image;
            return switch (this) {
                case FCTRL -> Short.toUnsignedInt(image.getShort(FCW));
                case FSTAT -> Short.toUnsignedInt(image.getShort(FSW));
                case FTAG -> x.tags();
                case FISEG -> Short.toUnsignedInt(image.getShort(FIP + SELECTOR));
                case FIOFF -> image.getInt(FIP);
                case FOSEG -> Short.toUnsignedInt(image.getShort(FDP + SELECTOR));
                case FOOFF -> image.getInt(FDP);
                case FOP -> Short.toUnsignedInt(image.getShort(XsaveImage.FOP));
            };
        }

        void write(XsaveImage x, int value) {
            ByteBuffer image = x.image;
            switch (this) {
                case FCTRL -> image.putShort(FCW, (short) value);
                case FSTAT -> image.putShort(FSW, (short) value);
                case FTAG -> x.tags(value);
                case FISEG -> image.putShort(FIP + SELECTOR, (short) value);
                case FIOFF -> image.putInt(FIP, value);
                case FOSEG -> image.putShort(FDP + SELECTOR, (short) value);
                case FOOFF -> image.putInt(FDP, value);
                case FOP -> image.putShort(XsaveImage.FOP, (short) value);
            }
        }

        /** As GDB calls it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The full tag word, of which the image has one bit for each register: whether it is empty. @sdm 1:10.5.1.1 */
    private int tags() {
        int full = 0;
        int top = image.getShort(FSW) >> 11 & 7;
        for (int i = 0; i < 8; i++) {
            boolean used = (image.get(FTW) >> i & 1) != 0;
            full |= (used ? tag(ST + 16 * (i - top & 7)) : EMPTY) << 2 * i;
        }
        return full;
    }

    private int tag(int at) {
        long significand = image.getLong(at);
        int exponent = image.getShort(at + Long.BYTES) & EXPONENT;
        if (exponent == 0 && significand == 0) {
            return ZERO;
        }
        return exponent == 0 || exponent == EXPONENT || significand >= 0 ? SPECIAL : VALID;
    }

    private void tags(int full) {
        int used = 0;
        for (int i = 0; i < 8; i++) {
            used |= (full >> 2 * i & EMPTY) == EMPTY ? 0 : 1 << i;
        }
        image.put(FTW, (byte) used);
    }
}
