package org.lodgevm.vm.migration;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.zstd.ZstdCompressor;
import org.lodgevm.storage.zstd.ZstdInputStream;

/** Pages that go in one message: written by the source, applied by the target. */
final class PageBatch {
    static final int MOST_PAGES = 256;
    private static final int HEADER = Short.BYTES;
    /** What a batch is before compression, at most. */
    private static final int LARGEST_PLAIN = HEADER + MOST_PAGES * (Long.BYTES + PageSet.PAGE);
    /** Of a message: what does not get smaller is sent as it is. */
    static final int LARGEST = 1 + LARGEST_PLAIN;

    private static final byte PLAIN = 0;
    private static final byte ZSTD = 1;
    /** Guest-physical addresses have fewer bits than that. */
    private static final long PAGE_NUMBERS = 1L << 40;

    private final GuestMemory memory;
    private final long[] pages = new long[MOST_PAGES];
    private final byte[] content = new byte[MOST_PAGES * PageSet.PAGE];
    private int count;
    private int contents;

    PageBatch(GuestMemory memory) {
        this.memory = memory;
    }

    /** Copies a page as it is now. @return whether the batch is full */
    boolean add(long page) {
        MemorySegment here = MemorySegment.ofArray(content).asSlice((long) contents * PageSet.PAGE, PageSet.PAGE);
        here.copyFrom(memory.at(page * PageSet.PAGE, PageSet.PAGE));
        boolean zero = PageSet.isZero(here);
        pages[count++] = page << 1 | (zero ? 1 : 0);
        contents += zero ? 0 : 1;
        return count == MOST_PAGES;
    }

    int pages() {
        return count;
    }

    int zeroPages() {
        return count - contents;
    }

    /** The payload; the batch is empty then. */
    byte[] take(boolean compress) {
        ByteBuffer plain = ByteBuffer.allocate(HEADER + count * Long.BYTES + contents * PageSet.PAGE);
        plain.putShort((short) count);
        for (int i = 0; i < count; i++) {
            plain.putLong(pages[i]);
        }
        plain.put(content, 0, contents * PageSet.PAGE);
        byte[] body = plain.array();
        byte kind = PLAIN;
        if (compress && contents > 0) {
            byte[] smaller = ZstdCompressor.compress(body);
            if (smaller.length < body.length) {
                body = smaller;
                kind = ZSTD;
            }
        }
        count = 0;
        contents = 0;
        byte[] payload = new byte[1 + body.length];
        payload[0] = kind;
        System.arraycopy(body, 0, payload, 1, body.length);
        return payload;
    }

    /**
     * Writes received pages to memory.
     *
     * @param received which pages have been written to so far: the others are still zeroes
     * @throws MalformedStreamException if they are none, or have no place there
     */
    static void apply(byte[] payload, GuestMemory memory, PageSet received) throws IOException {
        ByteBuffer plain = ByteBuffer.wrap(plain(payload));
        int pages = plain.remaining() < HEADER ? 0 : plain.getShort();
        if (pages <= 0 || pages > MOST_PAGES || plain.remaining() < pages * Long.BYTES) {
            throw new MalformedStreamException("a message has %d pages".formatted(pages));
        }
        byte[] page = new byte[PageSet.PAGE];
        ByteBuffer contents = plain.slice(plain.position() + pages * Long.BYTES, plain.remaining() - pages * Long.BYTES);
        for (int i = 0; i < pages; i++) {
            long number = plain.getLong();
            boolean zero = (number & 1) != 0;
            if (!zero) {
                if (contents.remaining() < PageSet.PAGE) {
                    throw new MalformedStreamException("a message lacks the content of its page %d".formatted(i));
                }
                contents.get(page);
            }
            store(number >>> 1, zero ? null : page, memory, received);
        }
        if (contents.hasRemaining()) {
            throw new MalformedStreamException("a message has %d bytes more than its pages".formatted(contents.remaining()));
        }
    }

    private static byte[] plain(byte[] payload) throws IOException {
        if (payload.length == 0 || payload[0] != PLAIN && payload[0] != ZSTD) {
            throw new MalformedStreamException("pages are packed in an unknown way");
        }
        if (payload[0] == PLAIN) {
            return Arrays.copyOfRange(payload, 1, payload.length);
        }
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(payload, 1, payload.length - 1))) {
            byte[] plain = in.readNBytes(LARGEST_PLAIN);
            if (in.read() >= 0) {
                throw new MalformedStreamException("pages unpack to more than they can be");
            }
            return plain;
        }
    }

    private static void store(long number, byte[] content, GuestMemory memory, PageSet received) throws IOException {
        long gpa = number * PageSet.PAGE;
        GuestMemory.Slot slot = number < PAGE_NUMBERS ? memory.slot(gpa) : null;
        if (slot == null || !memory.ramSlots().contains(slot)) {
            throw new MalformedStreamException("there is no RAM at page %d".formatted(number));
        }
        if (content != null) {
            memory.change(gpa, PageSet.PAGE, place -> MemorySegment.copy(content, 0, place, JAVA_BYTE, 0, PageSet.PAGE));
            received.add(gpa, 1);
        } else if (received.contains(number)) {
            memory.change(gpa, PageSet.PAGE, place -> place.fill((byte) 0));
        }
    }
}
