package org.lodgevm.vm.migration;

import java.io.IOException;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/** Sends a share of memory by one connection: always the same pages, so that what was sent of a page later arrives later. Used by one thread at a time. */
final class Lane implements AutoCloseable {
    /** Pages that are kept by all lanes to send only what changes in them: 64 MiB, as QEMU does. */
    private static final int MOST_SENT = 1 << 14;
    /** Pages that follow each other and go by the same lane. */
    private static final int RUN = 16;

    /** Told of each message. */
    interface Account {
        /**
         * @param looked pages that are not left any more, sent or not
         * @param sent of these, those in the message
         * @param bytes of the message
         */
        void sent(long looked, int sent, int bytes);
    }

    private final int number;
    private final int lanes;
    private final MessageSink sink;
    private final boolean compress;
    private final Account account;
    /** Or null. */
    private final SentPages sent;

    private final PageBatch batch;
    private long looked;

    /** @param number of this one, from 0 */
    Lane(int number, int lanes, GuestMemory memory, MessageSink sink, MigrationOptions options, Account account) {
        this.number = number;
        this.lanes = lanes;
        this.sink = sink;
        this.compress = options.compress();
        this.account = account;
        sent = options.delta() ? new SentPages(MOST_SENT / lanes) : null;
        batch = new PageBatch(memory, sent);
    }

    /** Of what it has sent so far. */
    PageBatch batch() {
        return batch;
    }

    /** Sends its share of some pages. @param again whether they were sent before */
    void send(PageSet pages, boolean again) throws IOException {
        for (long page = pages.next(0); page >= 0; page = pages.next(page + 1)) {
            if (page / RUN % lanes == number) {
                looked++;
                if (batch.add(page, again)) {
                    flush();
                }
            }
        }
        flush();
    }

    private void flush() throws IOException {
        int count = batch.pages();
        if (count > 0) {
            byte[] payload = batch.take(compress);
            sink.send(MessageType.PAGES, payload);
            account.sent(looked, count, payload.length);
            looked = 0;
        }
    }

    @Override
    public void close() {
        if (sent != null) {
            sent.close();
        }
    }
}
