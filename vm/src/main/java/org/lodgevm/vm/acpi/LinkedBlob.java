package org.lodgevm.vm.acpi;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Tables that point to each other and have checksums, at an address not yet known. Pointers hold offsets within the blob they
 * point into until it is placed. The order of checksums counts: one may cover another.
 */
final class LinkedBlob {
    /** {@code size} bytes at {@code offset} point to {@code targetOffset} in {@code target}. */
    record Pointer(int offset, int size, LinkedBlob target, int targetOffset) {}

    /** The byte at {@code offset} makes the sum of {@code length} bytes from {@code start} zero. */
    record Checksum(int offset, int start, int length) {}

    private final ByteArrayOutputStream contents = new ByteArrayOutputStream();
    private final List<Pointer> pointers = new ArrayList<>();
    private final List<Checksum> checksums = new ArrayList<>();

    /** Appends bytes at the next multiple of {@code alignment}. @return their offset */
    int append(byte[] bytes, int alignment) {
        contents.writeBytes(new byte[-contents.size() & alignment - 1]);
        int offset = contents.size();
        contents.writeBytes(bytes);
        return offset;
    }

    void pointer(int offset, int size, LinkedBlob target, int targetOffset) {
        pointers.add(new Pointer(offset, size, target, targetOffset));
    }

    void checksum(int offset, int start, int length) {
        checksums.add(new Checksum(offset, start, length));
    }

    int size() {
        return contents.size();
    }

    /** The bytes before any blob has an address: pointers are offsets, checksums zero. */
    byte[] unlinked() {
        return pointersFilled(blob -> 0);
    }

    List<Pointer> pointers() {
        return pointers;
    }

    List<Checksum> checksums() {
        return checksums;
    }

    /** The bytes with every blob where {@code gpa} says and every checksum right. */
    byte[] linked(ToLongFunction<LinkedBlob> gpa) {
        byte[] bytes = pointersFilled(gpa);
        for (Checksum c : checksums) {
            bytes[c.offset] = checksum(Arrays.copyOfRange(bytes, c.start, c.start + c.length));
        }
        return bytes;
    }

    private byte[] pointersFilled(ToLongFunction<LinkedBlob> gpa) {
        byte[] bytes = contents.toByteArray();
        for (Pointer p : pointers) {
            byte[] value = Aml.little(gpa.applyAsLong(p.target) + p.targetOffset, p.size);
            System.arraycopy(value, 0, bytes, p.offset, p.size);
        }
        return bytes;
    }

    /** What makes the sum of all bytes zero. */
    static byte checksum(byte[] bytes) {
        int sum = 0;
        for (byte b : bytes) {
            sum += b;
        }
        return (byte) -sum;
    }
}
