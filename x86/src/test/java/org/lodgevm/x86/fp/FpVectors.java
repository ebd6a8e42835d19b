package org.lodgevm.x86.fp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** Reads the vectors that {@code src/test/c/fpvectors.c} recorded on a real CPU; that file describes their format. */
final class FpVectors {
    static final int X87 = 0;
    static final int SSE_TO_MM = 2;
    static final int SSE_TO_GPR = 3;

    /** All cases of one instruction. Operands are 16 bytes (memory operands of an x87 instruction: {@code memoryBytes}) each. */
    record Block(String name, int kind, int immediate, int memoryBytes, byte[][] operands, byte[][] memories, List<Case> cases) {}

    sealed interface Case permits X87Case, SseCase {}

    /** A changed register is 10 bytes, an unchanged one null; so is memory. */
    record X87Case(X87Image before, byte[] st0, byte[] st1, byte[] memory, X87Image after, byte[][] changed, byte[] stored)
            implements Case {}

    record X87Image(int control, int status, int eflags, int tags) {}

    record SseCase(int mxcsr, byte[] destination, byte[] source, byte[] result, int mxcsrAfter, int eflags, boolean faulted)
            implements Case {}

    private final DataInputStream in;

    private FpVectors(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
    }

    /** The committed vectors of one unit. */
    static List<Block> recorded(boolean x87) {
        List<Block> blocks = new ArrayList<>();
        try (InputStream file = FpVectors.class.getResourceAsStream("fpvectors.bin.gz")) {
            read(new GZIPInputStream(file), block -> {
                if ((block.kind == X87) == x87) {
                    blocks.add(block);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return blocks;
    }

    static void read(InputStream in, Consumer<Block> consumer) throws IOException {
        FpVectors vectors = new FpVectors(in);
        for (int length = vectors.in.read(); length >= 0; length = vectors.in.read()) {
            consumer.accept(vectors.block(new String(vectors.bytes(length), US_ASCII)));
        }
    }

    private Block block(String name) throws IOException {
        int kind = in.readUnsignedByte();
        int immediate = in.readUnsignedByte();
        int memoryBytes = in.readUnsignedByte();
        byte[][] operands = pool(16);
        byte[][] memories = kind == X87 ? pool(memoryBytes) : operands;
        int count = word() | word() << 16;
        List<Case> cases = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cases.add(kind == X87 ? x87Case(operands, memories, memoryBytes) : sseCase(operands));
        }
        return new Block(name, kind, immediate, memoryBytes, operands, memories, cases);
    }

    private X87Case x87Case(byte[][] operands, byte[][] memories, int memoryBytes) throws IOException {
        X87Image before = image();
        byte[] st0 = operands[word()];
        byte[] st1 = operands[word()];
        byte[] memory = memories[word() % memories.length];
        X87Image after = image();
        int mask = in.readUnsignedByte();
        byte[][] changed = new byte[8][];
        for (int r = 0; r < 8; r++) {
            changed[r] = (mask >> r & 1) != 0 ? bytes(10) : null;
        }
        return new X87Case(before, st0, st1, memory, after, changed, in.readUnsignedByte() != 0 ? bytes(memoryBytes) : null);
    }

    private SseCase sseCase(byte[][] operands) throws IOException {
        int mxcsr = word();
        byte[] destination = operands[word()];
        byte[] source = operands[word()];
        byte[] result = bytes(16);
        int mxcsrAfter = word();
        int outcome = word();
        return new SseCase(mxcsr, destination, source, result, mxcsrAfter, outcome & 0x7fff, outcome >> 15 != 0);
    }

    private X87Image image() throws IOException {
        return new X87Image(word(), word(), word(), in.readUnsignedByte());
    }

    private byte[][] pool(int width) throws IOException {
        byte[][] entries = new byte[word()][];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = bytes(width);
        }
        return entries;
    }

    private int word() throws IOException {
        return in.readUnsignedByte() | in.readUnsignedByte() << 8;
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    static long low64(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }

    static long high64(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    }

    static int high16(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(8) & 0xffff;
    }
}
