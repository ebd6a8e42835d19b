package org.lodgevm.net.tcp;

import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.TcpOptions;

/** What both ends agree on with their SYNs, and the timestamps that come of it. @rfc 7323, @rfc 2018 2 */
final class Handshake {
    /** A peer that does not say takes this much. @rfc 9293 3.7.1 */
    private static final int DEFAULT_MSS = 536;

    /** Smaller ones would make segments of nothing but headers. */
    private static final int MIN_MSS = 64;

    private final int linkMss;
    private final ReceiveSide receive;
    private final SendSide send;
    private final SegmentWriter writer;

    private boolean scaled;
    private boolean timestamps;
    private int timestampRecent;
    private int segmentSize;

    Handshake(int linkMss, ReceiveSide receive, SendSide send, SegmentWriter writer) {
        this.linkMss = linkMss;
        this.receive = receive;
        this.send = send;
        this.writer = writer;
    }

    /** The peer's SYN has come. What we offer is everything, so that what it has in it is agreed. */
    void synOf(Tcp syn, TcpOptions options) {
        scaled = options.windowScale() >= 0;
        timestamps = options.hasTimestamps();
        int offered = options.mss() == 0 ? DEFAULT_MSS : Math.max(options.mss(), MIN_MSS);
        int optionsSize = timestamps ? TcpOptions.TIMESTAMPS_SIZE : 0;
        segmentSize = Math.min(offered, linkMss) - optionsSize;
        receive.synchronize(syn.sequence());
        receive.negotiated(linkMss - optionsSize, scaled);
        send.negotiated(segmentSize, Math.max(0, options.windowScale()));
        send.setWindow(syn, syn.window());
        writer.negotiated(timestamps, options.sackPermitted());
        timestampRecent = options.timestampValue();
        writer.echo(timestampRecent);
    }

    boolean isScaled() {
        return scaled;
    }

    /** The most payload of a segment that is not to be cut up. */
    int segmentSize() {
        return segmentSize;
    }

    /** The most payload of one that may be. @param large how large it may be with its header; 0 if it may not */
    int mostPayload(int large) {
        int payload = large - Tcp.MAX_HEADER_SIZE;
        return payload <= segmentSize ? segmentSize : payload - payload % segmentSize;
    }

    /** Not one that was sent before the peer's last one: protection against wrapped sequence numbers. @rfc 7323 5.3 */
    boolean isFresh(Tcp segment, TcpOptions options) {
        return !timestamps
                || !options.hasTimestamps()
                || segment.has(Tcp.RST)
                || options.timestampValue() - timestampRecent >= 0;
    }

    /** @rfc 7323 4.3 */
    void remember(Tcp segment, TcpOptions options) {
        if (timestamps && options.hasTimestamps() && segment.sequence() - receive.sequence() <= 0) {
            timestampRecent = options.timestampValue();
            writer.echo(timestampRecent);
        }
    }
}
