package org.lodgevm.x86.simd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a real processor made of the operands: see src/test/native/simd/record.c for the format and record.sh for how to record.
 *
 * @param cases operands drawn for each instruction
 * @param block cases under one hash
 */
record SimdVectors(int cases, int block, List<Instruction> instructions) {

    /** Names another recording, for long runs. */
    static final String FILE_PROPERTY = "lodge.simd.vectors";

    private static final String MAGIC = "LODGESIM";

    /**
     * @param name set, mnemonic and roles
     * @param samples results of the first cases
     * @param hashes over the results of each block of cases
     */
    record Instruction(String name, long[][] samples, long[] hashes) {}

    static SimdVectors load() throws IOException {
        String file = System.getProperty(FILE_PROPERTY);
        if (file != null) {
            return parse(Files.readAllBytes(Path.of(file)));
        }
        try (InputStream resource = SimdVectors.class.getResourceAsStream("simd.vectors")) {
            return parse(resource.readAllBytes());
        }
    }

    private static SimdVectors parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!text(in, MAGIC.length()).equals(MAGIC)) {
            throw new IllegalArgumentException("not a recording of SIMD vectors");
        }
        int cases = in.getInt();
        int block = in.getInt();
        int samples = in.getInt();
        List<Instruction> instructions = new ArrayList<>();
        while (in.hasRemaining()) {
            String name = text(in, in.get());
            long[][] results = new long[samples][];
            for (int i = 0; i < samples; i++) {
                results[i] = longs(in, SimdMethod.RESULT_WORDS);
            }
            instructions.add(new Instruction(name, results, longs(in, cases / block)));
        }
        return new SimdVectors(cases, block, instructions);
    }

    private static String text(ByteBuffer in, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) in.get());
        }
        return text.toString();
    }

    private static long[] longs(ByteBuffer in, int count) {
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = in.getLong();
        }
        return longs;
    }
}
