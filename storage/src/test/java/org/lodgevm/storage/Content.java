package org.lodgevm.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What a disk should hold, and operations made at random on both. */
public final class Content {
    private final byte[] bytes;
    private final Random random;

    public Content(int size, long seed) {
        this.bytes = new byte[size];
        this.random = new Random(seed);
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Reads everything there is, which may not be more than a test can hold. */
    public static byte[] of(BlockImage image) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(image.size()));
        image.read(0, buffer);
        return buffer.array();
    }

    /** One operation that changes the disk. @param largest in bytes */
    public void change(BlockImage image, int largest) throws IOException {
        boolean whole = random.nextInt(4) == 0;
        int offset = random.nextInt(bytes.length);
        int length = Math.min(1 + random.nextInt(random.nextBoolean() ? largest : 4096), bytes.length - offset);
        if (whole) {
            offset &= -65536;
            length = Math.min(length + 65536 & -65536, bytes.length - offset);
        }
        switch (random.nextInt(8)) {
            case 0 -> {
                image.writeZeroes(offset, length, random.nextBoolean());
                Arrays.fill(bytes, offset, offset + length, (byte) 0);
            }
            case 1 -> {
                image.discard(offset, length);
                image.read(offset, ByteBuffer.wrap(bytes, offset, length)); // whatever is there now
            }
            case 2 -> image.flush();
            default -> write(image, offset, length);
        }
    }

    public void write(BlockImage image, int offset, int length) throws IOException {
        ByteBuffer content = random.nextBoolean() ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
        byte[] random = new byte[length];
        this.random.nextBytes(random);
        if (this.random.nextInt(3) == 0) {
            Arrays.fill(random, (byte) 'x');
        }
        image.write(offset, content.put(random).flip());
        assertThat(content.remaining()).isZero();
        System.arraycopy(random, 0, bytes, offset, length);
    }

    public void assertIn(BlockImage image) throws IOException {
        int mismatch = Arrays.mismatch(of(image), bytes);
        assertThat(mismatch).as("first difference in " + image.name()).isEqualTo(-1);
    }

    /** As a raw image. */
    public Path save(Path file) throws IOException {
        return Files.write(file, bytes);
    }
}
