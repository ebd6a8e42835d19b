package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.lodgevm.machine.AbsentPages;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/**
 * What was asked for by one connection, and not answered yet. Pages that nobody waits for are asked for so many at a time that the link is busy, but no more: those that somebody waits for would have
 * to wait behind them. So as long as answers take hardly longer than the quickest one did, more are asked for, else less, as TCP Vegas does it.
 */
final class PageRequests {
    /** Pages in a request that nobody waits for. */
    static final int PAGES = 64;
    /** Such requests at a time. */
    private static final int MOST = 32;
    /** By which an answer may be later than the quickest one. */
    private static final long LATER_NANOS = 5_000_000;

    /** @param asked in {@link System#nanoTime} */
    private record Request(long asked, boolean awaited) {}

    private final MessageStream stream;
    private final MigrationLink link;
    private final AbsentPages absent;
    private final PageSet asked;
    /** In the order in which they are answered. Guarded by this, as what follows. */
    private final Queue<Request> open = new ArrayDeque<>();

    private int unawaited;
    private int most = 1;
    private long quickest = Long.MAX_VALUE;
    /** Where the guest was last: what is near it is asked for first. */
    private long place;

    private boolean filling;

    PageRequests(GuestMemory memory, AbsentPages absent, MessageStream stream, MigrationLink link) {
        this.absent = absent;
        this.stream = stream;
        this.link = link;
        asked = MemoryCopy.none(memory);
    }

    Message receive() throws IOException {
        return stream.receive();
    }

    /** Somebody waits for a page. */
    synchronized void ask(long page) {
        place = page;
        if (!asked.contains(page)) {
            send(new long[] {page}, 1, true);
        }
    }

    /** Asks for what nobody waits for, too, from now on. */
    synchronized void begin() {
        filling = true;
        fill();
    }

    /** The first one that is open is. @throws MalformedStreamException if none is */
    synchronized void answered() throws IOException {
        Request answered = open.poll();
        if (answered == null) {
            throw new MalformedStreamException("the source sent pages that nobody asked for");
        }
        if (answered.awaited) {
            return;
        }
        unawaited--;
        long took = System.nanoTime() - answered.asked;
        quickest = Math.min(quickest, took);
        most = took > quickest + LATER_NANOS ? Math.max(1, most / 2) : Math.min(MOST, most + 1);
    }

    /** As much as may be open. */
    synchronized void fill() {
        long[] pages = new long[PAGES];
        int count = 1;
        while (filling && unawaited < most && count > 0) {
            count = collect(pages);
            if (count > 0) {
                send(pages, count, false);
                unawaited++;
            }
        }
    }

    /** @return how many there are, from the place on or, behind the last, from the first */
    private int collect(long[] pages) {
        int count = 0;
        boolean around = false;
        while (count < pages.length) {
            long page = absent.next(place);
            if (page < 0) {
                if (around || count > 0) {
                    return count;
                }
                around = true;
                place = 0;
            } else {
                place = page + 1;
                if (!asked.contains(page)) {
                    pages[count++] = page;
                }
            }
        }
        return count;
    }

    /** What cannot be sent is asked for again by the next connection: whoever receives notices that this one is broken. */
    private void send(long[] pages, int count, boolean awaited) {
        ByteBuffer payload = ByteBuffer.allocate(count * Long.BYTES);
        for (int i = 0; i < count; i++) {
            payload.putLong(pages[i]);
            asked.add(pages[i] * PageSet.PAGE, PageSet.PAGE);
        }
        open.add(new Request(System.nanoTime(), awaited));
        say(MessageType.FETCH, payload.array());
    }

    /** Nothing more is needed. */
    synchronized void end() {
        filling = false;
        say(MessageType.END);
    }

    private void say(MessageType type, byte... payload) {
        try {
            stream.send(type, payload);
        } catch (IOException e) {
            // who receives notices
        }
    }

    /** Returns when the other side has closed the connection: had this one while something was under way, what it has said last might be lost. */
    void awaitEnd() {
        try {
            while (true) {
                stream.receive();
            }
        } catch (IOException e) {
            // that is what was waited for
        }
    }

    /** Any thread: who waits for an answer does not any more. */
    void close() {
        try {
            link.close();
        } catch (IOException e) {
            // it is of no more use in any case
        }
    }
}
