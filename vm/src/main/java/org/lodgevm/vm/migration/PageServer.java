package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/** Sends pages that a machine has left behind, as the other side asks for them. Used by one thread at a time. */
final class PageServer {
    private static final int MOST_BITMAP = 1 << 20;
    static final int LARGEST_ABSENT = Long.BYTES + MOST_BITMAP;

    /** What the other side may ask for. */
    private final PageSet behind;
    private final PageSet unsent;
    private final PageBatch batch;
    private final boolean compress;
    private final Lane.Account account;

    PageServer(GuestMemory memory, PageSet behind, boolean compress, Lane.Account account) {
        this.behind = behind;
        this.compress = compress;
        this.account = account;
        unsent = MemoryCopy.none(memory);
        unsent.addAll(behind);
        batch = new PageBatch(memory, null);
    }

    /** How many were never asked for. */
    long left() {
        return unsent.count();
    }

    /** Says which pages have to be asked for. */
    void announce(MessageSink target) throws IOException {
        long page = behind.next(0);
        while (page >= 0) {
            long first = page;
            BitSet pages = new BitSet();
            for (; page >= 0 && page - first < (long) MOST_BITMAP * Byte.SIZE; page = behind.next(page + 1)) {
                pages.set((int) (page - first));
            }
            byte[] bitmap = pages.toByteArray();
            target.send(MessageType.ABSENT, ByteBuffer.allocate(Long.BYTES + bitmap.length).putLong(first).put(bitmap).array());
        }
    }

    /** Undoes {@link #announce}, message by message. @throws MalformedStreamException if these are no pages of RAM */
    static void collect(byte[] payload, GuestMemory memory, PageSet absent) throws MalformedStreamException {
        if (payload.length < Long.BYTES) {
            throw new MalformedStreamException("a list of absent pages has %d bytes".formatted(payload.length));
        }
        ByteBuffer list = ByteBuffer.wrap(payload);
        long first = list.getLong();
        BitSet pages = BitSet.valueOf(list);
        for (int i = pages.nextSetBit(0); i >= 0; i = pages.nextSetBit(i + 1)) {
            if (first < 0 || !PageBatch.isRam(memory, first + i)) {
                throw new MalformedStreamException("there is no RAM at page %d, which is to come".formatted(first + i));
            }
            absent.add((first + i) * PageSet.PAGE, PageSet.PAGE);
        }
    }

    /** Sends what is asked for, until something else is said, which it returns. */
    Message serve(MessageStream target) throws IOException {
        Message message = target.receive();
        while (message.type() == MessageType.FETCH) {
            send(message.payload(), target);
            message = target.receive();
        }
        return message;
    }

    private void send(byte[] asked, MessageStream target) throws IOException {
        int first = 0;
        ByteBuffer pages = ByteBuffer.wrap(asked);
        if (asked.length == 0 || asked.length % Long.BYTES != 0) {
            throw new MalformedStreamException("the target asked for pages by %d bytes".formatted(asked.length));
        }
        while (pages.hasRemaining()) {
            long page = pages.getLong();
            if (page < 0 || !behind.contains(page)) {
                throw new MalformedStreamException("the target asked for page %d, which it has".formatted(page));
            }
            batch.add(page, false);
            first += unsent.contains(page) ? 1 : 0;
            unsent.remove(page);
        }
        int count = batch.pages();
        byte[] payload = batch.take(compress);
        target.send(MessageType.PAGES, payload);
        account.sent(first, count, payload.length);
    }
}
