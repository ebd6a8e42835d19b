package org.lodgevm.vm.migration;

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
    /** A longer one does not pay. */
    private static final int LONGEST_DELTA = PageSet.PAGE * 3 / 4;
    /** Of a message: what does not get smaller is sent as it is. */
    static final int LARGEST = 1 + LARGEST_PLAIN;

    private static final byte PLAIN = 0;
    private static final byte ZSTD = 1;
    /** Guest-physical addresses have fewer bits than that. */
    private static final long PAGE_NUMBERS = 1L << 40;

    /** How the content of a page follows, in the lowest bits before its number. */
    private static final int KIND_BITS = 2;
    private static final int WHOLE = 0;
    private static final int ZERO = 1;
    private static final int DELTA = 2;

    private final GuestMemory memory;
    /** Or null, if none is kept. */
    private final SentPages sent;
    private final long[] pages = new long[MOST_PAGES];
    private final byte[] content = new byte[MOST_PAGES * PageSet.PAGE];
    private final byte[] page = new byte[PageSet.PAGE];
    private final byte[] delta = new byte[LONGEST_DELTA];
    private int count;
    private int used;
    private long zeroPages;
    private long deltaPages;
    private long deltaBytes;
    private long unchangedPages;

    /** @param sent where to find what the other side has of a page, or null */
    PageBatch(GuestMemory memory, SentPages sent) {
        this.memory = memory;
        this.sent = sent;
    }

    /**
     * Copies a page as it is now, or what has changed in it.
     *
     * @param again whether it was sent before, and so may be a third time
     * @return whether the batch is full
     */
    boolean add(long number, boolean again) {
        MemorySegment now = MemorySegment.ofArray(page);
        boolean zero = memory.isHole(number * PageSet.PAGE); // which would be none if it was read
        if (!zero) {
            now.copyFrom(memory.at(number * PageSet.PAGE, PageSet.PAGE));
            zero = PageSet.isZero(now);
        }
        if (zero) {
            zeroPages++;
            if (sent != null) {
                sent.remove(number);
            }
            return enter(number, ZERO, page, 0);
        }
        MemorySegment before = sent == null ? null : sent.find(number);
        int length = before == null ? -1 : Delta.encode(before, now, delta);
        if (length != 0 && sent != null) {
            sent.put(number, now, again);
        }
        if (length < 0) {
            return enter(number, WHOLE, page, PageSet.PAGE);
        }
        if (length == 0) {
            unchangedPages++;
            return false;
        }
        deltaPages++;
        deltaBytes += length;
        return enter(number, DELTA, delta, length);
    }

    private boolean enter(long number, int kind, byte[] bytes, int length) {
        pages[count++] = number << KIND_BITS | kind;
        if (kind == DELTA) {
            content[used++] = (byte) (length >>> Byte.SIZE);
            content[used++] = (byte) length;
        }
        System.arraycopy(bytes, 0, content, used, length);
        used += length;
        return count == MOST_PAGES;
    }

    int pages() {
        return count;
    }

    /** Of all batches so far, as the next ones. */
    long zeroPages() {
        return zeroPages;
    }

    /** Of which only what had changed was sent. */
    long deltaPages() {
        return deltaPages;
    }

    /** What had changed. */
    long deltaBytes() {
        return deltaBytes;
    }

    /** Which were written to, and are what they were. */
    long unchangedPages() {
        return unchangedPages;
    }

    /** The payload; the batch is empty then. */
    byte[] take(boolean compress) {
        ByteBuffer plain = ByteBuffer.allocate(HEADER + count * Long.BYTES + used);
        plain.putShort((short) count);
        for (int i = 0; i < count; i++) {
            plain.putLong(pages[i]);
        }
        plain.put(content, 0, used);
        byte[] body = plain.array();
        byte kind = PLAIN;
        if (compress && used > 0) {
            byte[] smaller = ZstdCompressor.compress(body);
            if (smaller.length < body.length) {
                body = smaller;
                kind = ZSTD;
            }
        }
        count = 0;
        used = 0;
        byte[] payload = new byte[1 + body.length];
        payload[0] = kind;
        System.arraycopy(body, 0, payload, 1, body.length);
        return payload;
    }

    /** Writes what is in a page to its place. */
    interface Place {
        void put(long gpa, GuestMemory.Change<MalformedStreamException> content) throws MalformedStreamException;
    }

    /**
     * Writes received pages to memory.
     *
     * @param received which pages have been written to so far: the others are still zeroes
     * @throws MalformedStreamException if they are none, or have no place there
     */
    static void apply(byte[] payload, GuestMemory memory, PageSet received) throws IOException {
        apply(payload, memory, received, (gpa, content) -> memory.change(gpa, PageSet.PAGE, content));
    }

    /** The same by another way to the memory. */
    static void apply(byte[] payload, GuestMemory memory, PageSet received, Place place) throws IOException {
        ByteBuffer plain = ByteBuffer.wrap(plain(payload));
        int pages = plain.remaining() < HEADER ? 0 : plain.getShort();
        if (pages <= 0 || pages > MOST_PAGES || plain.remaining() < pages * Long.BYTES) {
            throw new MalformedStreamException("a message has %d pages".formatted(pages));
        }
        ByteBuffer contents = plain.slice(plain.position() + pages * Long.BYTES, plain.remaining() - pages * Long.BYTES);
        for (int i = 0; i < pages; i++) {
            long entry = plain.getLong();
            store(entry >>> KIND_BITS, (int) entry & (1 << KIND_BITS) - 1, contents, memory, received, place);
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

    private static void store(long number, int kind, ByteBuffer contents, GuestMemory memory, PageSet received, Place place) throws IOException {
        long gpa = number * PageSet.PAGE;
        if (!isRam(memory, number)) {
            throw new MalformedStreamException("there is no RAM at page %d".formatted(number));
        }
        switch (kind) {
            case WHOLE -> {
                MemorySegment whole = MemorySegment.ofBuffer(next(contents, PageSet.PAGE, number));
                place.put(gpa, page -> page.copyFrom(whole));
                received.add(gpa, 1);
            }
            case DELTA -> {
                ByteBuffer delta = next(contents, next(contents, Short.BYTES, number).getShort() & 0xffff, number);
                place.put(gpa, page -> Delta.apply(delta, page));
                received.add(gpa, 1);
            }
            case ZERO -> place.put(gpa, page -> {
                if (received.contains(number)) {
                    page.fill((byte) 0);
                }
            });
            default -> throw new MalformedStreamException("page %d comes in an unknown way".formatted(number));
        }
    }

    /** Whether there is RAM of its own address. */
    static boolean isRam(GuestMemory memory, long number) {
        GuestMemory.Slot slot = number >= 0 && number < PAGE_NUMBERS ? memory.slot(number * PageSet.PAGE) : null;
        return slot != null && memory.ramSlots().contains(slot);
    }

    private static ByteBuffer next(ByteBuffer contents, int length, long number) throws MalformedStreamException {
        if (contents.remaining() < length) {
            throw new MalformedStreamException("a message lacks the content of its page %d".formatted(number));
        }
        ByteBuffer taken = contents.slice(contents.position(), length);
        contents.position(contents.position() + length);
        return taken;
    }
}
