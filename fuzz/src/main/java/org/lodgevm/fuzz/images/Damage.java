package org.lodgevm.fuzz.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.images.Samples.Sample;

/** Makes a file of which some words are wrong. */
final class Damage {
    private static final int MOST = 5;
    /** What is near something that is not zero is likely to be read as well. */
    private static final int NEAR = 64;

    private static final int VHD_FOOTER = 512;
    private static final int VHD_FOOTER_CHECKSUM = 64;
    private static final int VHD_HEADER = 1024;
    private static final int VHD_HEADER_CHECKSUM = 36;

    private Damage() {}

    static byte[] damaged(Sample sample, Dice dice) {
        byte[] file = sample.file().clone();
        for (int i = dice.below(MOST); i >= 0; i--) {
            change(file, place(sample, dice), dice);
        }
        if (dice.oneIn(16)) {
            file = Arrays.copyOf(file, dice.below(file.length));
        }
        if (!dice.oneIn(16)) {
            seal(sample.format().name(), file);
        }
        return file;
    }

    private static int place(Sample sample, Dice dice) {
        int last = sample.file().length - Long.BYTES;
        int near = sample.words()[dice.below(sample.words().length)] + (dice.oneIn(4) ? dice.between(-NEAR, NEAR) : dice.below(Long.BYTES));
        return Math.clamp(dice.oneIn(4) ? dice.below(Math.min(last, 600)) : near, 0, last);
    }

    private static void change(byte[] file, int at, Dice dice) {
        int aligned = at & -dice.of(4, 8);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(dice.oneIn(2) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        switch (dice.below(8)) {
            case 0 -> file[at] ^= (byte) (1 << dice.below(8));
            case 1 -> file[at] = (byte) dice.bits();
            case 2 -> bytes.putLong(aligned, dice.number());
            case 3 -> bytes.putInt(aligned, (int) dice.number());
            case 4 -> bytes.putLong(aligned, bytes.getLong(dice.below(file.length - Long.BYTES) & -8));
            case 5 -> bytes.putInt(aligned, bytes.getInt(aligned) + dice.between(-4, 4));
            case 6 -> bytes.putLong(aligned, bytes.getLong(aligned) << dice.between(-8, 8));
            default -> bytes.putLong(aligned, bytes.getLong(aligned) + dice.between(-4, 4) * dice.of(1L, 512, 4096, 1 << 16, 1 << 20));
        }
    }

    private static void seal(String format, byte[] file) {
        if (format.equals("vhdx")) {
            Vhdx.seal(file);
        } else if (format.equals("vpc") && file.length > VHD_FOOTER + VHD_HEADER) {
            add(file, 0, VHD_FOOTER, VHD_FOOTER_CHECKSUM);
            add(file, file.length - VHD_FOOTER, VHD_FOOTER, VHD_FOOTER_CHECKSUM);
            add(file, VHD_FOOTER, VHD_HEADER, VHD_HEADER_CHECKSUM);
        }
    }

    /** A VHD's checksum: the complement of the sum of all bytes but its own. */
    private static void add(byte[] file, int at, int length, int checksumAt) {
        ByteBuffer bytes = ByteBuffer.wrap(file).putInt(at + checksumAt, 0);
        int sum = 0;
        for (int i = at; i < at + length; i++) {
            sum += file[i] & 0xff;
        }
        bytes.putInt(at + checksumAt, ~sum);
    }
}
