/**
 * TCP: one end of a connection, apart from packets' addresses, sockets and threads.
 *
 * <pre>
 *     segment ──► TcpEndpoint ─► ReceiveSide ─► Application.receive, or StreamBuffer until it reads
 *                      │
 *     Wire  ◄── output() ◄── SendSide ◄── StreamBuffer ◄── Application writes
 * </pre>
 *
 * <p>A {@link org.lodgevm.net.tcp.TcpEndpoint} only changes when it is called: with a segment, by its
 * {@link org.lodgevm.net.tcp.Application}, or when its deadline has come. It sends in one place,
 * {@link org.lodgevm.net.tcp.TcpEndpoint#output}, which its owner calls after such a change; so acknowledgments of segments that came together
 * are one segment, and a wire that has no room is met in one place only.
 *
 * <p>Positions in streams are {@code long}s that begin with 0 at the first byte and do not wrap; SYN is at -1 and FIN after the
 * last byte. Only segments have 32-bit sequence numbers.
 *
 * <p>What it does: RFC 9293 with its requirements of RFC 1122, window scaling and timestamps (RFC 7323), selective acknowledgments
 * (RFC 2018, with recovery after RFC 6675), NewReno (RFC 5681, 6582) with appropriate byte counting (RFC 3465), the retransmission
 * timer of RFC 6298, and protection against blind resets (RFC 5961). Buffers come from one {@link org.lodgevm.net.tcp.BufferPool} of
 * fixed size and go back when they are empty.
 *
 * <p>Deliberately absent: urgent data (it is part of the stream, as RFC 6093 has applications want it), ECN, fast open, path MTU discovery (the
 * link's MTU is known), Nagle's algorithm (who wrote to the host's socket has decided already).
 */
package org.lodgevm.net.tcp;
