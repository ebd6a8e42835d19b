package org.lodgevm.net.tcp;

import java.nio.ByteBuffer;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.TcpOptions;

/** Puts the segments of one endpoint on the wire. */
final class SegmentWriter {
    private static final long NANOS_PER_TICK = 1_000_000;

    private final Wire wire;
    private final int localPort;
    private final int remotePort;
    private final ReceiveSide receive;
    /** So that timestamps tell nothing about the host's uptime. */
    private final int clockOffset;

    private final int[] sackEdges = new int[2 * TcpOptions.MAX_SACK_BLOCKS];
    private boolean timestamps;
    private boolean selective;
    private int timestampEcho;

    SegmentWriter(Wire wire, int localPort, int remotePort, ReceiveSide receive, int clockOffset) {
        this.wire = wire;
        this.localPort = localPort;
        this.remotePort = remotePort;
        this.receive = receive;
        this.clockOffset = clockOffset;
    }

    void negotiated(boolean withTimestamps, boolean withSelective) {
        timestamps = withTimestamps;
        selective = withSelective;
    }

    /** TS.Recent. */
    void echo(int timestamp) {
        timestampEcho = timestamp;
    }

    /** A SYN with all options, or one that answers with those that were offered. */
    boolean syn(int sequence, boolean answer, int mss, boolean scaled, long now) {
        ByteBuffer buffer = wire.buffer();
        int options = wire.at() + Tcp.HEADER_SIZE;
        int at = TcpOptions.writeMss(buffer, options, mss);
        if (!answer || selective) {
            at = TcpOptions.writeSackPermitted(buffer, at);
        }
        if (!answer || timestamps) {
            at = TcpOptions.writeTimestamps(buffer, at, timestamp(now), timestampEcho);
        }
        if (!answer || scaled) {
            at = TcpOptions.writeWindowScale(buffer, at, ReceiveSide.WINDOW_SCALE);
        }
        int flags = Tcp.SYN | (answer ? Tcp.ACK : 0);
        int acknowledgment = answer ? receive.sequence() : 0;
        return send(sequence, acknowledgment, flags, receive.advertise(false), at - options, 0, 0);
    }

    /** A segment with a part of the stream. */
    boolean data(int sequence, StreamBuffer stream, long position, int length, int flags, int segmentSize, long now) {
        int options = options(false, now);
        stream.copy(position, length, wire.buffer(), wire.at() + Tcp.HEADER_SIZE + options);
        return send(sequence, receive.sequence(), flags | Tcp.ACK, receive.advertise(true), options, length,
                length > segmentSize ? segmentSize : 0);
    }

    /** A segment that only acknowledges. */
    boolean acknowledgment(int sequence, long now) {
        return send(sequence, receive.sequence(), Tcp.ACK, receive.advertise(true), options(true, now), 0, 0);
    }

    boolean reset(int sequence) {
        return send(sequence, receive.sequence(), Tcp.RST | Tcp.ACK, 0, 0, 0, 0);
    }

    private int options(boolean withSelective, long now) {
        ByteBuffer buffer = wire.buffer();
        int start = wire.at() + Tcp.HEADER_SIZE;
        int at = start;
        if (timestamps) {
            at = TcpOptions.writeTimestamps(buffer, at, timestamp(now), timestampEcho);
        }
        int room = timestamps ? TcpOptions.MAX_SACK_BLOCKS - 1 : TcpOptions.MAX_SACK_BLOCKS;
        int blocks = withSelective && selective ? receive.selective(sackEdges, room) : 0;
        if (blocks > 0) {
            at = TcpOptions.writeSack(buffer, at, blocks);
            for (int i = 0; i < 2 * blocks; i++, at += Integer.BYTES) {
                buffer.putInt(at, sackEdges[i]);
            }
        }
        return at - start;
    }

    private int timestamp(long now) {
        return (int) (now / NANOS_PER_TICK) + clockOffset;
    }

    private boolean send(int sequence, int acknowledgment, int flags, int window, int optionsLength, int payloadLength,
            int segmentSize) {
        Tcp.write(wire.buffer(), wire.at(), localPort, remotePort, sequence, acknowledgment, flags, window, optionsLength);
        return wire.send(Tcp.HEADER_SIZE + optionsLength, payloadLength, segmentSize);
    }
}
