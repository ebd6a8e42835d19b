package org.lodgevm.x86.oracle;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The file of recorded cases, compressed by gzip.
 *
 * <p>It begins with {@link #MAGIC}, four bytes. For each case follow the ordinal of its {@link
 * Mode}, a byte; its record, as differences from the record that {@link Cases#reset} makes; and the
 * result, as differences from the case. Differences are runs: how many bytes are the same, how many
 * differ, and these; each number is one byte, or the byte 255 and two bytes, highest first. A run
 * of zero and zero ends them.
 */
final class Vectors {
    private static final int MAGIC = 0x4C445601;
    private static final int WIDE = 255;

    /** A case and what the real CPU made of it. */
    record Recorded(Case input, Case expected) {}

    private Vectors() {}

    static void write(OutputStream out, List<Recorded> cases) throws IOException {
        GZIPOutputStream compressed =
                new GZIPOutputStream(out) {
                    {
                        def.setLevel(Deflater.BEST_COMPRESSION);
                    }
                };
        try (DataOutputStream data = new DataOutputStream(compressed)) {
            data.writeInt(MAGIC);
            Case start = new Case();
            for (Recorded recorded : cases) {
                Mode mode = Cases.mode(recorded.input());
                Cases.reset(start, mode);
                data.writeByte(mode.ordinal());
                differences(data, start, recorded.input());
                differences(data, recorded.input(), recorded.expected());
            }
        }
    }

    static List<Recorded> read(InputStream in) throws IOException {
        List<Recorded> cases = new ArrayList<>();
        try (DataInputStream data = new DataInputStream(new GZIPInputStream(in))) {
            if (data.readInt() != MAGIC) {
                throw new IOException("no file of recorded cases");
            }
            for (int mode = data.read(); mode >= 0; mode = data.read()) {
                Case input = new Case();
                Cases.reset(input, Mode.values()[mode]);
                apply(data, input);
                Case expected = new Case();
                expected.copyFrom(input);
                apply(data, expected);
                cases.add(new Recorded(input, expected));
            }
        } catch (EOFException e) {
            throw new IOException("the file of recorded cases is cut off after " + cases.size(), e);
        }
        return cases;
    }

    private static void differences(DataOutputStream data, Case from, Case to) throws IOException {
        int at = 0;
        while (at < Layout.RECORD) {
            int first = at;
            while (first < Layout.RECORD && from.get8(first) == to.get8(first)) {
                first++;
            }
            int end = first;
            while (end < Layout.RECORD && from.get8(end) != to.get8(end)) {
                end++;
            }
            if (end > first) {
                number(data, first - at);
                number(data, end - first);
                data.write(to.bytes(first, end - first));
            }
            at = end;
        }
        number(data, 0);
        number(data, 0);
    }

    private static void apply(DataInputStream data, Case target) throws IOException {
        int at = 0;
        while (true) {
            int same = number(data);
            int different = number(data);
            if (same == 0 && different == 0) {
                return;
            }
            at += same;
            target.put(at, data.readNBytes(different));
            at += different;
        }
    }

    private static void number(DataOutputStream data, int value) throws IOException {
        if (value < WIDE) {
            data.writeByte(value);
        } else {
            data.writeByte(WIDE);
            data.writeShort(value);
        }
    }

    private static int number(DataInputStream data) throws IOException {
        int value = data.readUnsignedByte();
        return value < WIDE ? value : data.readUnsignedShort();
    }
}
