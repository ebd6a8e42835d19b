package org.lodgevm.net.tcp;

import static org.lodgevm.net.tcp.TcpState.CLOSED;
import static org.lodgevm.net.tcp.TcpState.CLOSE_WAIT;
import static org.lodgevm.net.tcp.TcpState.CLOSING;
import static org.lodgevm.net.tcp.TcpState.ESTABLISHED;
import static org.lodgevm.net.tcp.TcpState.FIN_WAIT_1;
import static org.lodgevm.net.tcp.TcpState.FIN_WAIT_2;
import static org.lodgevm.net.tcp.TcpState.LAST_ACK;
import static org.lodgevm.net.tcp.TcpState.SYN_RECEIVED;
import static org.lodgevm.net.tcp.TcpState.SYN_SENT;
import static org.lodgevm.net.tcp.TcpState.TIME_WAIT;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.TcpOptions;

/** One end of a TCP connection. Not for several threads at once. @rfc 9293 */
public final class TcpEndpoint {
    /** Of all connections of a stack. */
    public record Settings(int receiveBuffer, int sendBuffer) {}

    /** Of one connection. @param mss the most payload that a segment of the link may have, without options */
    public record Identity(int localPort, int remotePort, int mss, int initialSequence, int clockOffset) {}

    /** Between answers to empty segments that are out of place, lest two endpoints answer each other forever. @rfc 5961 7 */
    private static final long CHALLENGE_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    private final Wire wire;
    private final Application application;
    private final LongSupplier clock;
    private final Identity identity;
    private final ReceiveSide receive;
    private final SendSide send;
    private final SegmentWriter writer;
    private final Handshake handshake;
    private final Deadlines deadlines = new Deadlines();

    private TcpState state = CLOSED;
    /** A SYN has come, and the application has not yet said whether it wants the connection. */
    private boolean held;
    /** The wire had no room at the last attempt. */
    private boolean blocked;
    /** A segment is to go out even if it has nothing new: a probe of the peer. */
    private boolean probing;

    private long challengedAt;

    public TcpEndpoint(Wire wire, Application application, BufferPool pool, LongSupplier clock, Settings settings,
            Identity identity) {
        this.wire = wire;
        this.application = application;
        this.clock = clock;
        challengedAt = clock.getAsLong() - CHALLENGE_INTERVAL;
        this.identity = identity;
        receive = new ReceiveSide(pool, settings.receiveBuffer());
        send = new SendSide(pool, settings.sendBuffer(), identity.initialSequence());
        writer = new SegmentWriter(wire, identity.localPort(), identity.remotePort(), receive, identity.clockOffset());
        handshake = new Handshake(identity.mss(), receive, send, writer);
    }

    public TcpState state() {
        return state;
    }

    // ---- opening --------------------------------------------------------------------------------------------------

    /** Begins a connection. */
    public void open() {
        state = SYN_SENT;
    }

    /** A SYN has come. Nothing is answered until {@link #accept} or {@link #refuse}. */
    public void hold(Tcp syn, TcpOptions options) {
        handshake.synOf(syn, options);
        state = SYN_RECEIVED;
        held = true;
    }

    public void accept() {
        held = false;
    }

    /** Answers a SYN with a reset. */
    public void refuse() {
        writer.reset(0);
        end(Application.Reason.ABORTED);
    }

    // ---- the application's side -----------------------------------------------------------------------------------

    /** Whether the application may write, now or when there is room. */
    public boolean takesMore() {
        return (state == ESTABLISHED || state == CLOSE_WAIT) && !send.isFinishing();
    }

    /** Room for bytes to the peer, from position to limit, to be filled and then {@link #filled}; null if there is none. */
    public ByteBuffer room() {
        return send.isFinishing() || state == CLOSED ? null : send.buffer().room();
    }

    /** So many bytes have been put where {@link #room} said; 0 gives the room back. */
    public void filled(int bytes) {
        send.buffer().complete(send.buffer().tail() + bytes);
        send.buffer().trim();
    }

    /** Bytes of the peer, from position to limit, to be read and then {@link #consumed}; null if there are none. */
    public ByteBuffer content() {
        return receive.buffer().content();
    }

    public void consumed(int bytes) {
        receive.consumed(bytes);
    }

    /** The peer sends no more, and all that it sent is in the buffer or was there. */
    public boolean isPeerFinished() {
        return receive.isFinished();
    }

    /** No more bytes come from the application: what it wrote is still sent, then a FIN. */
    public void finish() {
        if (send.isFinishing()) {
            return;
        }
        send.finish();
        if (state == ESTABLISHED) {
            state = FIN_WAIT_1;
        } else if (state == CLOSE_WAIT) {
            state = LAST_ACK;
        }
    }

    /** Gives the connection up, and tells the peer so. */
    public void abort() {
        if (state.isSynchronized() && state != TIME_WAIT || state == SYN_RECEIVED && !held) {
            writer.reset(send.nextSequence());
        }
        end(Application.Reason.ABORTED);
    }

    /** Gives back what the peer has sent and the application does not want to read. */
    public void release() {
        receive.release();
    }

    private void end(Application.Reason reason) {
        if (state == CLOSED) {
            return;
        }
        state = CLOSED;
        send.release();
        if (reason != Application.Reason.FINISHED) {
            receive.release();
        }
        deadlines.clear();
        application.closed(reason);
    }

    // ---- a segment arrives ----------------------------------------------------------------------------------------

    /** Takes a segment. {@link #output} is to follow. @rfc 9293 3.10.7 */
    public void segment(Tcp segment, TcpOptions options) {
        if (state == CLOSED || held) {
            heldSegment(segment);
        } else if (state == SYN_SENT) {
            answerToSyn(segment, options);
        } else {
            synchronizedSegment(segment, options);
        }
    }

    /** A peer that has not been answered can only give up. */
    private void heldSegment(Tcp segment) {
        if (held && segment.has(Tcp.RST) && segment.sequence() == receive.sequence()) {
            end(Application.Reason.RESET);
        }
    }

    /** @rfc 9293 3.10.7.3 */
    private void answerToSyn(Tcp segment, TcpOptions options) {
        boolean acknowledges = segment.has(Tcp.ACK) && send.isNew(segment.acknowledgment());
        if (segment.has(Tcp.ACK) && !acknowledges) {
            if (!segment.has(Tcp.RST)) {
                writer.reset(segment.acknowledgment());
            }
        } else if (segment.has(Tcp.RST)) {
            if (acknowledges) {
                end(Application.Reason.RESET);
            }
        } else if (segment.has(Tcp.SYN)) {
            handshake.synOf(segment, options);
            receive.acknowledgeNow();
            if (acknowledges) {
                send.acknowledge(segment, options, false, clock.getAsLong());
                established();
            } else {
                state = SYN_RECEIVED;
                send.sendSynAgain();
            }
        }
    }

    private void established() {
        state = send.isFinishing() ? FIN_WAIT_1 : ESTABLISHED;
        heard(true);
        application.established();
    }

    private void synchronizedSegment(Tcp segment, TcpOptions options) {
        if (segment.has(Tcp.SYN) && state == SYN_RECEIVED && segment.sequence() == receive.sequence() - 1) {
            synAgain(segment, options);
        } else if (!handshake.isFresh(segment, options) || !receive.accepts(segment)) {
            outOfPlace(segment);
        } else if (segment.has(Tcp.RST)) {
            reset(segment);
        } else if (segment.has(Tcp.SYN)) {
            receive.acknowledgeNow(); // @rfc 5961 4.2
        } else if (segment.has(Tcp.ACK)) {
            handshake.remember(segment, options);
            acknowledged(segment, options);
        }
    }

    private void outOfPlace(Tcp segment) {
        long now = clock.getAsLong();
        boolean late = now - challengedAt >= CHALLENGE_INTERVAL;
        if (!segment.has(Tcp.RST) && (late || segment.sequenceLength() > 0)) {
            challengedAt = now;
            receive.acknowledgeNow();
        }
    }

    /** Ours was lost, or both sides have opened at the same time. @rfc 9293 3.5 */
    private void synAgain(Tcp segment, TcpOptions options) {
        if (segment.has(Tcp.ACK) && send.isNew(segment.acknowledgment())) {
            send.acknowledge(segment, options, false, clock.getAsLong());
            receive.acknowledgeNow();
            established();
        } else {
            send.sendSynAgain();
        }
    }

    /** A reset that is not exactly where one is expected may be a stranger's. @rfc 5961 3.2 */
    private void reset(Tcp segment) {
        if (segment.sequence() == receive.sequence()) {
            end(Application.Reason.RESET);
        } else {
            receive.acknowledgeNow();
        }
    }

    /** @rfc 9293 3.10.7.4, fifth and later checks */
    private void acknowledged(Tcp segment, TcpOptions options) {
        if (state == SYN_RECEIVED && !send.isNew(segment.acknowledgment())) {
            writer.reset(segment.acknowledgment());
            return;
        }
        if (!send.knows(segment.acknowledgment())) {
            receive.acknowledgeNow();
            return;
        }
        boolean fresh = send.acknowledge(segment, options, true, clock.getAsLong());
        heard(fresh);
        if (state == SYN_RECEIVED) {
            established();
        }
        if (fresh && state != CLOSED) {
            application.writable();
        }
        if (send.isFinished()) {
            finished();
        }
        if (state.receives()) {
            receive.take(segment, application);
            if (receive.isFinished()) {
                peerFinished();
            }
        } else if (state == TIME_WAIT && segment.has(Tcp.FIN)) {
            receive.acknowledgeNow();
            deadlines.linger(clock.getAsLong());
        } else if (segment.sequenceLength() > 0 && state != CLOSED) {
            receive.acknowledgeNow();
        }
    }

    /** Our FIN has arrived. */
    private void finished() {
        switch (state) {
            case FIN_WAIT_1 -> state = FIN_WAIT_2;
            case CLOSING -> waitAWhile();
            case LAST_ACK -> end(Application.Reason.FINISHED);
            default -> {
                // known already
            }
        }
    }

    /** The peer's FIN and all before it has come. */
    private void peerFinished() {
        switch (state) {
            case ESTABLISHED -> state = CLOSE_WAIT;
            case FIN_WAIT_1 -> state = CLOSING;
            case FIN_WAIT_2 -> waitAWhile();
            default -> {
                // closed by the application, which heard of it first
            }
        }
    }

    private void waitAWhile() {
        state = TIME_WAIT;
        deadlines.linger(clock.getAsLong());
        send.release();
    }

    private void heard(boolean progress) {
        if (state != TIME_WAIT) {
            deadlines.heard(clock.getAsLong());
        }
        if (progress || send.isShutOut()) {
            deadlines.progress(); // armed again by output, if anything is on its way
        }
    }

    // ---- sending --------------------------------------------------------------------------------------------------

    /** Sends what there is to send. @return false if the wire had no room for all of it: to be called again when it has */
    public boolean output() {
        blocked = false;
        if (state == CLOSED || held) {
            return true;
        }
        long now = clock.getAsLong();
        blocked = !(send.isSynAcknowledged() ? outputStream(now) : outputSyn(now));
        boolean waiting = state != TIME_WAIT && (send.inFlight() > 0 || send.isShutOut());
        deadlines.arm(now, waiting, send.timer().nanos(), receive.owesAcknowledgment());
        return !blocked;
    }

    private boolean outputSyn(long now) {
        if (!send.needsSyn()) {
            return true;
        }
        boolean answer = state == SYN_RECEIVED;
        int sequence = identity.initialSequence();
        if (!writer.syn(sequence, answer, identity.mss(), handshake.isScaled(), now)) {
            return false;
        }
        receive.acknowledged();
        send.sent(new SendSide.Piece(-1, 0), now);
        return true;
    }

    private boolean outputStream(long now) {
        int most = handshake.mostPayload(wire.largeSegmentSize());
        SendSide.Piece piece;
        while (state != TIME_WAIT && (piece = send.next(most)) != null) {
            if (!outputPiece(piece, now)) {
                return false;
            }
        }
        if (receive.mustAcknowledge() || probing) {
            int sequence = probing ? send.staleSequence() : send.nextSequence();
            if (!writer.acknowledgment(sequence, now)) {
                return false;
            }
            probing = false;
            receive.acknowledged();
        }
        return true;
    }

    private boolean outputPiece(SendSide.Piece piece, long now) {
        long tail = send.buffer().tail();
        int length = (int) (Math.min(piece.end(), tail) - piece.start());
        int flags = (piece.end() > tail ? Tcp.FIN : 0) | (piece.end() >= tail ? Tcp.PSH : 0);
        int sequence = send.sequence(piece.start());
        if (!writer.data(sequence, send.buffer(), piece.start(), length, flags, handshake.segmentSize(), now)) {
            return false;
        }
        send.sent(piece, now);
        if (!receive.hasGaps()) {
            receive.acknowledged(); // with gaps, it takes a segment that has room to tell of them
        }
        return true;
    }

    // ---- time -----------------------------------------------------------------------------------------------------

    /** When {@link #timeout} is to be called; {@link Long#MAX_VALUE} if never. */
    public long deadline() {
        return deadlines.first();
    }

    /** The deadline may have come. {@link #output} is to follow. */
    public void timeout() {
        long now = clock.getAsLong();
        if (deadlines.acknowledgmentDue(now)) {
            receive.acknowledgeNow();
        }
        if (deadlines.retransmissionDue(now) && !blocked) {
            retransmit();
        }
        if (deadlines.lifeDue(now)) {
            life(now);
        }
    }

    private void retransmit() {
        if (!deadlines.retry(send.isSynAcknowledged())) {
            abort(Application.Reason.TIMED_OUT);
        } else if (send.isShutOut()) {
            send.timer().backOff();
            probing = true;
        } else {
            send.timedOut();
        }
    }

    private void life(long now) {
        if (state == TIME_WAIT) {
            end(Application.Reason.FINISHED);
        } else if (deadlines.probe(now, !blocked)) {
            probing = true;
        } else {
            abort(Application.Reason.TIMED_OUT);
        }
    }

    private void abort(Application.Reason reason) {
        writer.reset(send.nextSequence());
        end(reason);
    }
}
