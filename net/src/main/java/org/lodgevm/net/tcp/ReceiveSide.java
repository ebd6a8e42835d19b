package org.lodgevm.net.tcp;

import java.nio.ByteBuffer;
import org.lodgevm.net.packet.Tcp;

/** The half of an endpoint that puts the peer's bytes in order. @rfc 9293 3.10.7.4 */
final class ReceiveSide {
    /** More than this is acknowledged at once, less only after a while. @rfc 9293 3.8.6.3 */
    private static final int SEGMENTS_PER_ACK = 2;

    /** By which windows of this side are scaled, if the peer scales its own. */
    static final int WINDOW_SCALE = 7;

    private static final int MAX_WINDOW = 0xffff;

    private final StreamBuffer buffer;
    private final Ranges early = new Ranges();

    private int irs;
    private int mss;
    private int scale;
    /** RCV.NXT, not counting a FIN. */
    private long next;
    /** The end of the window that the peer was told of. It never moves back. */
    private long edge;
    /** Where the FIN is; -1 before it came. */
    private long finPosition = -1;

    private boolean finished;
    private long latestEarly;
    private int unacknowledged;
    private boolean ackNow;
    private boolean readable;

    ReceiveSide(BufferPool pool, int capacity) {
        buffer = new StreamBuffer(pool, capacity);
    }

    /** The peer's SYN. */
    void synchronize(int initialSequence) {
        irs = initialSequence;
    }

    void negotiated(int segmentSize, boolean scaled) {
        mss = segmentSize;
        scale = scaled ? WINDOW_SCALE : 0;
    }

    StreamBuffer buffer() {
        return buffer;
    }

    /** RCV.NXT as a sequence number. */
    int sequence() {
        return irs + 1 + (int) next + (finished ? 1 : 0);
    }

    /** The position of a sequence number that is near. */
    private long position(int sequence) {
        return next + (finished ? 1 : 0) + (sequence - sequence());
    }

    /** The peer's FIN and all before it has come. */
    boolean isFinished() {
        return finished;
    }

    /**
     * Whether a segment has something that the window lets in. An empty one may also be at the window's end: when both sides have filled
     * each other's windows, all acknowledgments are there. @rfc 9293 3.4
     */
    boolean accepts(Tcp segment) {
        long start = position(segment.sequence());
        long end = start + segment.sequenceLength();
        long expected = next + (finished ? 1 : 0);
        if (end == start) {
            return start == expected || start > expected && start <= edge;
        }
        return start < edge && end > expected;
    }

    // ---- data -----------------------------------------------------------------------------------------------------

    /** Takes the payload and FIN of a segment that {@link #accepts}. */
    void take(Tcp segment, Application application) {
        long start = position(segment.sequence());
        int skip = (int) Math.max(0, next - start);
        int length = (int) Math.min(segment.payloadLength(), edge - start);
        if (skip < length) {
            takeBytes(start + skip, segment, skip, length - skip, application);
        } else if (segment.payloadLength() > 0) {
            ackNow = true; // it had all been here, or there was no room
        }
        if (segment.has(Tcp.FIN) && length == segment.payloadLength()) {
            takeFin(start + length);
        }
        if (next == finPosition && !finished) {
            finished = true;
            readable = true;
        }
        if (readable) {
            readable = false;
            application.readable();
        }
    }

    /** A FIN with bytes behind it is nonsense. */
    private void takeFin(long position) {
        ackNow = true;
        if (finPosition < 0 && position >= next && (early.isEmpty() || position >= early.top())) {
            finPosition = position;
        }
    }

    private void takeBytes(long position, Tcp segment, int skip, int length, Application application) {
        if (finPosition >= 0 && position + length > finPosition) {
            ackNow = true;
            return; // behind the end: nonsense
        }
        ByteBuffer bytes = segment.bytes();
        int at = segment.payloadAt() + skip;
        if (position > next) {
            int stored = buffer.put(position, bytes, at, length);
            if (stored > 0 && early.add(position, position + stored)) {
                latestEarly = position;
            }
            ackNow = true;
            return;
        }
        int taken = buffer.isEmpty() && early.isEmpty() ? application.receive(bytes, at, length) : 0;
        if (taken > 0) {
            buffer.discard(next + taken);
        }
        int stored = taken < length ? buffer.put(next + taken, bytes, at + taken, length - taken) : 0;
        readable |= stored > 0;
        advance(next + taken + stored);
    }

    /** Everything up to there has come, and with it whatever had come early right behind. */
    private void advance(long end) {
        long before = next;
        int joined = early.indexOf(end);
        next = joined < 0 ? end : early.end(joined);
        if (!early.isEmpty()) {
            early.removeBelow(next);
            ackNow = true;
        }
        buffer.complete(next);
        unacknowledged += (int) (next - before);
    }

    // ---- the application ------------------------------------------------------------------------------------------

    /** The application has read that much of the buffer. */
    void consumed(int bytes) {
        buffer.discard(buffer.head() + bytes);
        buffer.trim();
        if (window() - (edge - next) >= Math.min(buffer.capacity() / 2, 2 * mss) && edge - next < buffer.capacity() / 2) {
            ackNow = true; // the peer may be waiting for room
        }
    }

    void release() {
        buffer.release();
        early.clear();
    }

    // ---- acknowledgments ------------------------------------------------------------------------------------------

    void acknowledgeNow() {
        ackNow = true;
    }

    /** There are bytes behind others that are missing. */
    boolean hasGaps() {
        return !early.isEmpty();
    }

    boolean mustAcknowledge() {
        return ackNow || unacknowledged >= SEGMENTS_PER_ACK * mss;
    }

    boolean owesAcknowledgment() {
        return ackNow || unacknowledged > 0;
    }

    /** Room behind RCV.NXT. */
    private long window() {
        return buffer.head() + buffer.capacity() - next;
    }

    /** What goes into the window field, which tells the peer of the window. @rfc 9293 3.8.6.2.2 */
    int advertise(boolean scaled) {
        int shift = scaled ? scale : 0;
        long end = next + window();
        long candidate = end - edge >= Math.min(buffer.capacity() / 2, mss) ? end : edge;
        long window = Math.min(candidate - next >> shift, MAX_WINDOW);
        edge = Math.max(edge, next + (window << shift));
        return (int) window;
    }

    /** A segment with everything there is to tell has gone out. */
    void acknowledged() {
        unacknowledged = 0;
        ackNow = false;
    }

    /** Ranges to be selectively acknowledged, at most so many; the one with the latest segment first. @rfc 2018 4 */
    int selective(int[] edges, int limit) {
        int latest = early.indexOf(latestEarly);
        int blocks = 0;
        for (int i = latest < 0 ? 0 : -1; i < early.count() && blocks < limit; i++) {
            if (i >= 0 && i == latest) {
                continue;
            }
            int range = i < 0 ? latest : i;
            edges[2 * blocks] = irs + 1 + (int) early.start(range);
            edges[2 * blocks + 1] = irs + 1 + (int) early.end(range);
            blocks++;
        }
        return blocks;
    }
}
