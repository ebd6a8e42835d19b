package org.lodgevm.vm.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/** Sends memory while the guest writes to it, until little is left, and then that. */
final class MemoryCopy implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** By which the CPUs are slowed down at first, then each time, and at most; in percent. */
    private static final int FIRST_THROTTLE = 20;
    private static final int NEXT_THROTTLE = 10;
    private static final int MOST_THROTTLE = 99;
    /** To stand still for less is not worth a round. */
    private static final Duration MOMENT = Duration.ofMillis(5);
    /** Pages that are kept to send only what changes in them: 64 MiB, as QEMU does. */
    private static final int MOST_SENT = 1 << 14;

    private final MovingMachine machine;
    private final MessageSink sink;
    private final MigrationOptions options;
    private final Consumer<MigrationProgress> listener;
    private final Pace pace;
    /** Or null. */
    private final SentPages sent;

    private final PageBatch batch;
    /** Not sent since they were written to. */
    private PageSet rest;

    private int round;
    private long pages;
    private long bytes;
    private long remaining;
    private int throttle;
    /** Nanoseconds that the last whole round took for a page that is not zero: too many, if there were few of them, which a further round shows. */
    private double nanosPerPage;
    private long began;
    private long bytesBefore;

    MemoryCopy(MovingMachine machine, MessageSink sink, MigrationOptions options, Consumer<MigrationProgress> listener) {
        this.machine = machine;
        this.sink = sink;
        this.options = options;
        this.listener = listener;
        pace = new Pace(options.bytesPerSecond());
        sent = options.delta() ? new SentPages(MOST_SENT) : null;
        batch = new PageBatch(machine.memory(), sent);
        rest = ram(machine.memory());
    }

    /** No page, with room for all of RAM. */
    static PageSet none(GuestMemory memory) {
        return new PageSet(memory.ramSlots().stream().mapToLong(slot -> slot.gpa() + slot.size()).max().orElse(0) / PageSet.PAGE);
    }

    /** All pages of RAM. */
    static PageSet ram(GuestMemory memory) {
        PageSet all = none(memory);
        memory.ramSlots().forEach(slot -> all.add(slot.gpa(), slot.size()));
        return all;
    }

    /**
     * On return, what is left can most likely be sent within the downtime that is allowed, and for less than that another round is not worth while: the last one has not even halved what
     * was left, or that takes no more than a moment.
     */
    void converge(DirtyLog log) throws IOException {
        long dirty = rest.count();
        boolean tooLong;
        boolean worthwhile;
        do {
            long before = dirty;
            sendRest();
            rest = log.collect();
            dirty = rest.count();
            boolean halved = dirty <= before / 2;
            tooLong = expectedDowntime(dirty).compareTo(options.downtime()) > 0;
            worthwhile = halved && expectedDowntime(dirty).compareTo(MOMENT) > 0;
            if (options.throttle() && round > 1 && tooLong && !halved) {
                slowDown();
            }
        } while (tooLong || worthwhile);
    }

    private void slowDown() {
        throttle = Math.min(MOST_THROTTLE, throttle == 0 ? FIRST_THROTTLE : throttle + NEXT_THROTTLE);
        machine.throttle(throttle);
    }

    /** Sends what was written to since the last time. The machine stands still, or sends the rest later. */
    void finish(DirtyLog log) throws IOException {
        rest.addAll(log.collect());
        sendRest();
        rest.take();
    }

    private Duration expectedDowntime(long left) {
        return Duration.ofNanos((long) (left * nanosPerPage));
    }

    private void sendRest() throws IOException {
        round++;
        began = System.nanoTime();
        bytesBefore = bytes;
        long zeroBefore = batch.zeroPages();
        remaining = rest.count();
        long contents = remaining + zeroBefore;
        for (long page = rest.next(0); page >= 0; page = rest.next(page + 1)) {
            remaining--;
            if (batch.add(page, round > 1)) {
                flush();
            }
        }
        flush();
        contents -= batch.zeroPages();
        if (contents > 0) {
            nanosPerPage = (double) (System.nanoTime() - began) / contents;
        }
    }

    private void flush() throws IOException {
        if (batch.pages() == 0) {
            return;
        }
        pages += batch.pages();
        byte[] payload = batch.take(options.compress());
        sink.send(MessageType.PAGES, payload);
        bytes += payload.length;
        pace.sent(payload.length);
        listener.accept(progress(Duration.ZERO));
    }

    /** @param downtime so far */
    MigrationProgress progress(Duration downtime) {
        long nanos = Math.max(1, System.nanoTime() - began);
        long rate = (long) ((double) (bytes - bytesBefore) * NANOS_PER_SECOND / nanos);
        return new MigrationProgress(round, pages, batch.zeroPages(), batch.deltaPages(), batch.deltaBytes(), batch.unchangedPages(), bytes, remaining, rate,
                expectedDowntime(remaining), throttle, downtime);
    }

    @Override
    public void close() {
        if (sent != null) {
            sent.close();
        }
    }
}
