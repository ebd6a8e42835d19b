package org.lodgevm.net.tcp;

import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.TcpOptions;

/**
 * The half of an endpoint that has bytes arrive: what has been sent, what is acknowledged, what is to be sent next. @rfc 9293 3.8
 */
final class SendSide {
    /** What is taken for a sign of loss. @rfc 5681 3.2 */
    private static final int DUPLICATES = 3;

    private final StreamBuffer buffer;
    private final Congestion congestion = new Congestion();
    private final RetransmissionTimer timer = new RetransmissionTimer();
    private final int iss;
    private int mss;
    /** By which windows of the peer are scaled. */
    private int scale;

    /** SND.UNA, SND.NXT, and the end of all that was ever sent. */
    private long una = -1;

    private long next = -1;
    private long max = -1;
    private boolean finishing;

    /** SND.WND, the largest there ever was, SND.WL1 and SND.WL2. */
    private long window;

    private long largestWindow;
    private int windowSequence;
    private int windowAcknowledgment;

    /** What the peer has, behind a gap. */
    private final Ranges sacked = new Ranges();

    private int duplicates;
    private boolean recovering;
    /** Recovery is over when this is acknowledged. */
    private long recoveryEnd;
    /** What lies before has been sent again during this recovery. HighRxt of RFC 6675. */
    private long resent;

    /** A position whose acknowledgment is waited for to measure the round trip; -1 if none is. */
    private long timedPosition = -1;

    private long timedAt;

    SendSide(BufferPool pool, int capacity, int initialSequence) {
        buffer = new StreamBuffer(pool, capacity);
        iss = initialSequence;
    }

    /** @param peerScale by which the peer scales its windows */
    void negotiated(int segmentSize, int peerScale) {
        mss = segmentSize;
        scale = peerScale;
        congestion.start(mss);
    }

    StreamBuffer buffer() {
        return buffer;
    }

    int sequence(long position) {
        return iss + 1 + (int) position;
    }

    /** SND.NXT as far as the peer knows. */
    int nextSequence() {
        return sequence(max);
    }

    /** One that the peer has had, so that it answers with where it is. @rfc 9293 3.8.4 */
    int staleSequence() {
        return sequence(una) - 1;
    }

    private long position(int sequence) {
        return una + (sequence - sequence(una));
    }

    /** After this, there comes a FIN. */
    void finish() {
        finishing = true;
    }

    boolean isFinishing() {
        return finishing;
    }

    /** Our FIN has arrived. */
    boolean isFinished() {
        return finishing && una > buffer.tail();
    }

    boolean isSynAcknowledged() {
        return una >= 0;
    }

    long inFlight() {
        return max - una;
    }

    RetransmissionTimer timer() {
        return timer;
    }

    // ---- what comes back ------------------------------------------------------------------------------------------

    /** SND.UNA < SEG.ACK =< SND.NXT, or an old one. */
    boolean knows(int acknowledgment) {
        return position(acknowledgment) <= max;
    }

    /** Whether an acknowledgment is one of what is on its way. */
    boolean isNew(int acknowledgment) {
        long position = position(acknowledgment);
        return position > una && position <= max;
    }

    /**
     * @param scaled whether the window is, as on all but SYNs
     * @return whether something new was acknowledged
     */
    boolean acknowledge(Tcp segment, TcpOptions options, boolean scaled, long now) {
        long position = position(segment.acknowledgment());
        long offered = (long) segment.window() << (scaled ? scale : 0);
        boolean sameWindow = offered == window;
        boolean fresh = position > una;
        boolean moreSacked = collectSacked(options);
        updateWindow(segment, offered, position);
        if (fresh) {
            advance(position, now);
        } else if (position == una && max > una && segment.sequenceLength() == 0 && (sameWindow || moreSacked)) {
            duplicates++;
        }
        detectLoss();
        return fresh;
    }

    private boolean collectSacked(TcpOptions options) {
        long before = sacked.size();
        for (int i = 0; i < options.sackBlocks(); i++) {
            long start = position(options.sackLeft(i));
            long end = position(options.sackRight(i));
            if (start > una && start < end && end <= max) {
                sacked.add(start, end);
            }
        }
        return sacked.size() > before;
    }

    /** @rfc 9293 3.10.7.4 */
    private void updateWindow(Tcp segment, long offered, long position) {
        int newer = segment.sequence() - windowSequence;
        if (position >= una && (newer > 0 || newer == 0 && segment.acknowledgment() - windowAcknowledgment >= 0)) {
            setWindow(segment, offered);
        }
    }

    /** Takes a segment's window without asking whether it is the latest. */
    void setWindow(Tcp segment, long offered) {
        window = offered;
        largestWindow = Math.max(largestWindow, offered);
        windowSequence = segment.sequence();
        windowAcknowledgment = segment.acknowledgment();
    }

    private void advance(long position, long now) {
        long acknowledged = position - una;
        boolean limited = inFlight() + mss >= congestion.window();
        una = position;
        next = Math.max(next, una);
        buffer.discard(Math.clamp(una, buffer.head(), buffer.tail()));
        sacked.removeBelow(una);
        duplicates = 0;
        if (timedPosition >= 0 && una >= timedPosition) {
            timer.sample(now - timedAt);
            timedPosition = -1;
        }
        if (!recovering) {
            congestion.acknowledged(acknowledged, limited);
        } else if (una >= recoveryEnd) {
            recovering = false;
        } else if (sacked.isEmpty()) {
            resent = una; // a partial acknowledgment: the next segment is missing, too. RFC 6582 3.2
        }
    }

    private void detectLoss() {
        boolean lost = duplicates >= DUPLICATES || sacked.size() > (long) DUPLICATES * mss;
        if (!recovering && lost && una >= 0 && una >= recoveryEnd && max > una) {
            recovering = true;
            recoveryEnd = max;
            resent = una;
            timedPosition = -1;
            congestion.lossDetected(inFlight());
        }
    }

    /** Nothing came back for too long: everything is sent again, as far as the peer has not said that it has it. @rfc 6298 5.4 */
    void timedOut() {
        congestion.timedOut(inFlight());
        timer.backOff();
        sacked.clear();
        recovering = false;
        recoveryEnd = max; // duplicates of before are no news
        duplicates = 0;
        timedPosition = -1;
        next = una;
    }

    // ---- what goes out --------------------------------------------------------------------------------------------

    /** One segment to be sent: a part of the stream. @param end as if a FIN were a byte */
    record Piece(long start, long end) {}

    /** What would be next; null if there is nothing, or may not be. @param most payload in one segment */
    Piece next(int most) {
        if (recovering) {
            Piece hole = hole();
            if (hole != null) {
                return hole;
            }
        }
        skipSacked();
        long end = buffer.tail() + (finishing ? 1 : 0);
        long allowed = recovering
                ? Math.min(una + window, next + congestion.window() - pipe())
                : una + Math.min(window, congestion.window());
        if (next == buffer.tail() && finishing) {
            return new Piece(next, end); // a FIN alone needs no window
        }
        long length = Math.min(Math.min(end, allowed) - next, Math.min(most, sacked.startAfter(next) - next));
        if (next + length < end && length > mss) {
            length -= length % mss;
        }
        return length <= 0 || isSilly(length, end) ? null : new Piece(next, next + length);
    }

    private void skipSacked() {
        int range = next < max ? sacked.indexOf(next) : -1;
        if (range >= 0) {
            next = sacked.end(range);
        }
    }

    /** Too little to be worth a segment while there is more. @rfc 9293 3.8.6.2.1 */
    private boolean isSilly(long length, long end) {
        return length < mss && next + length < end && next == max && max > una && length < largestWindow / 2;
    }

    /** The next part that is missing at the peer, before something that has arrived. @rfc 6675 4 */
    private Piece hole() {
        if (pipe() + mss > congestion.window() && resent > una) {
            return null;
        }
        long start = Math.max(una, resent);
        int range = sacked.indexOf(start);
        if (range >= 0) {
            start = sacked.end(range);
        }
        long limit = sacked.isEmpty() ? una + mss : sacked.top();
        long end = Math.min(Math.min(start + mss, limit), Math.min(max, sacked.startAfter(start)));
        return start < end ? new Piece(start, end) : null;
    }

    /** What is presumably on its way: behind the last thing known to have arrived, or sent again before it. @rfc 6675 4 */
    private long pipe() {
        if (sacked.isEmpty()) {
            return max - una - Math.min((long) duplicates * mss, max - una);
        }
        long again = 0;
        for (long at = una; at < resent; ) {
            int range = sacked.indexOf(at);
            if (range >= 0) {
                at = sacked.end(range);
            } else {
                long end = Math.min(resent, sacked.startAfter(at));
                again += end - at;
                at = end;
            }
        }
        return max - sacked.top() + again;
    }

    /** A piece has been sent. */
    void sent(Piece piece, long now) {
        boolean first = piece.start() >= max;
        if (recovering && piece.start() < next && !first) {
            resent = Math.max(resent, piece.end());
            return;
        }
        next = piece.end();
        if (first && timedPosition < 0) {
            timedPosition = piece.end();
            timedAt = now;
        }
        max = Math.max(max, next);
    }

    /** There is something to send, and the peer's window is closed. @rfc 9293 3.8.6.1 */
    boolean isShutOut() {
        return una >= 0 && window == 0 && buffer.tail() > una;
    }

    /** The peer may not have got our SYN. */
    void sendSynAgain() {
        next = una;
    }

    /** A SYN is to be sent, for the first time or again. */
    boolean needsSyn() {
        return next < 0;
    }

    void release() {
        buffer.release();
        sacked.clear();
    }
}
