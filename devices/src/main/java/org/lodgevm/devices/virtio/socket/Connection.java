package org.lodgevm.devices.virtio.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.lodgevm.devices.virtio.socket.PacketHeader.Ports;

/**
 * A stream, as the host's programs use it: reading and writing wait. Its monitor guards it; it calls nobody while it holds it but {@code
 * hasWork}, which takes no lock.
 *
 * @virtio 5.10.6.3
 */
final class Connection implements SocketStream {
    /** What the guest may send before the host has read it, and the other way round. */
    static final int BUFFER = 1 << 18;

    private enum Phase {
        /** The host asked, the guest has not answered. */
        REQUESTED,
        ESTABLISHED,
        /** Reset by either side, or refused. */
        ENDED
    }

    private static final class State {
        Phase phase;
        /** Operations that are to be told to the guest, before any data. Each once, however often the guest gives reason for it. */
        final Set<Integer> pending = new LinkedHashSet<>();

        /** What the guest said: its buffer, and how much of ours it has taken. */
        int peerBuffer;

        int peerForwarded;
        /** Counters of 32 bits: sent to the guest; read by the host, and of that what the guest was told. */
        int sent;

        int forwarded;
        int told;
        /** The guest sends no more, or takes no more. */
        boolean inputEnded;

        boolean outputEnded;
        /** The host's programs write no more; the guest was told of it. */
        boolean finished;

        boolean finishTold;
        boolean closed;
        /** The guest was told of {@link #closed}. */
        boolean shutDown;
    }

    private final State state = new State();
    private final Ports ports;
    private final Runnable hasWork;
    private final StreamBuffer fromGuest = new StreamBuffer(BUFFER);
    private final StreamBuffer toGuest = new StreamBuffer(BUFFER);

    /** One that the host asks for. */
    static Connection requested(Ports ports, Runnable hasWork) {
        Connection made = new Connection(ports, hasWork, Phase.REQUESTED);
        made.state.pending.add(PacketHeader.REQUEST);
        return made;
    }

    /** One that the guest asked for, and gets. */
    static Connection accepted(PacketHeader request, Runnable hasWork) {
        Connection made = new Connection(request.ports(), hasWork, Phase.ESTABLISHED);
        made.state.peerBuffer = request.bufferSize();
        made.state.peerForwarded = request.forwarded();
        made.state.pending.add(PacketHeader.RESPONSE);
        return made;
    }

    private Connection(Ports ports, Runnable hasWork, Phase phase) {
        this.ports = ports;
        this.hasWork = hasWork;
        state.phase = phase;
    }

    Ports ports() {
        return ports;
    }

    // ---- packets ----------------------------------------------------------------------------------------------------

    /** A packet from the guest, with its data. @return false if the guest breaks the rules, and the connection with it */
    synchronized boolean receive(PacketHeader header, ByteBuffer data) {
        state.peerBuffer = header.bufferSize();
        state.peerForwarded = header.forwarded();
        boolean sensible = switch (header.operation()) {
            case PacketHeader.RESPONSE -> establish();
            case PacketHeader.DATA -> state.phase == Phase.ESTABLISHED && !state.inputEnded && fits(data);
            case PacketHeader.SHUTDOWN -> shutDown(header.flags());
            case PacketHeader.CREDIT_REQUEST -> owe(PacketHeader.CREDIT_UPDATE);
            case PacketHeader.CREDIT_UPDATE -> true;
            default -> false;
        };
        notifyAll();
        return sensible;
    }

    private boolean establish() {
        boolean expected = state.phase == Phase.REQUESTED;
        state.phase = expected ? Phase.ESTABLISHED : state.phase;
        return expected;
    }

    /** What comes after {@link #close} is of no interest; what exceeds the credit is a breach. */
    private boolean fits(ByteBuffer data) {
        if (!state.closed) {
            fromGuest.put(data);
        }
        return state.closed || !data.hasRemaining();
    }

    /** When the guest neither sends nor receives any more, an answer lets it forget the connection. */
    private boolean shutDown(int flags) {
        state.inputEnded |= (flags & PacketHeader.NO_SEND) != 0;
        state.outputEnded |= (flags & PacketHeader.NO_RECEIVE) != 0;
        return !(state.inputEnded && state.outputEnded) || owe(PacketHeader.RESET);
    }

    private boolean owe(int operation) {
        state.pending.add(operation);
        return true;
    }

    /** The next packet for the guest, of which data go to {@code data} as far as there is room and credit; null if there is none. */
    synchronized PacketHeader next(long guestCid, ByteBuffer data) {
        if (!state.pending.isEmpty()) {
            int operation = state.pending.iterator().next();
            state.pending.remove(operation);
            if (operation == PacketHeader.RESET) {
                end();
            }
            return header(guestCid, operation, 0, 0);
        }
        if (state.phase != Phase.ESTABLISHED) {
            return null;
        }
        long credit = Integer.toUnsignedLong(state.peerBuffer) - Integer.toUnsignedLong(state.sent - state.peerForwarded);
        data.limit(Math.clamp(credit, 0, data.capacity()));
        int length = toGuest.take(data);
        if (length > 0) {
            state.sent += length;
            notifyAll();
            return header(guestCid, PacketHeader.DATA, length, 0);
        }
        return closing(guestCid);
    }

    /** After everything was sent, what {@link #close} and {@link #shutdownOutput} have left to say; the guest answers the former by a reset. */
    private PacketHeader closing(long guestCid) {
        if (toGuest.count() > 0 && !state.outputEnded) {
            return null;
        }
        if (state.closed && !state.shutDown) {
            state.shutDown = true;
            return header(guestCid, PacketHeader.SHUTDOWN, 0, PacketHeader.NO_SEND | PacketHeader.NO_RECEIVE);
        }
        if (state.finished && !state.finishTold && !state.closed) {
            state.finishTold = true;
            return header(guestCid, PacketHeader.SHUTDOWN, 0, PacketHeader.NO_SEND);
        }
        return null;
    }

    private PacketHeader header(long guestCid, int operation, int length, int flags) {
        state.told = state.forwarded;
        return new PacketHeader(
                SocketDevice.HOST_CID, guestCid, ports.host(), ports.guest(), length, PacketHeader.TYPE_STREAM, operation, flags, BUFFER,
                state.forwarded);
    }

    /** The guest is gone, or wants no more of this. */
    synchronized void end() {
        state.phase = Phase.ENDED;
        state.inputEnded = true;
        state.outputEnded = true;
        notifyAll();
    }

    @Override
    public synchronized boolean isOver() {
        return state.phase == Phase.ENDED;
    }

    // ---- the host's programs ------------------------------------------------------------------------------------------

    /** Waits for the guest's answer. @throws IOException if it refuses */
    synchronized void awaitEstablished() throws IOException {
        waitWhile(() -> state.phase == Phase.REQUESTED);
        if (state.phase != Phase.ESTABLISHED) {
            throw new IOException("nobody in the guest listens on port " + Integer.toUnsignedString(ports.guest()));
        }
    }

    /** Until the channel is closed at most. */
    private synchronized void waitWhile(BooleanSupplier condition) throws IOException {
        try {
            while (condition.getAsBoolean() && !state.closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the guest", e);
        }
    }

    /** Waits for something; -1 at the end of what the guest sends. */
    @Override
    public int read(ByteBuffer into) throws IOException {
        boolean tell;
        int count;
        synchronized (this) {
            waitWhile(() -> fromGuest.count() == 0 && !state.inputEnded);
            requireOpen();
            count = fromGuest.take(into);
            if (count == 0) {
                return into.hasRemaining() ? -1 : 0;
            }
            state.forwarded += count;
            tell = state.forwarded - state.told >= BUFFER / 2;
            if (tell) {
                state.pending.add(PacketHeader.CREDIT_UPDATE);
            }
        }
        if (tell) {
            hasWork.run();
        }
        return count;
    }

    /** Waits until all of it is on its way. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        int all = from.remaining();
        while (from.hasRemaining()) {
            synchronized (this) {
                waitWhile(() -> toGuest.room() == 0 && !state.outputEnded);
                requireOpen();
                if (state.finished) {
                    throw new ClosedChannelException();
                }
                if (state.outputEnded) {
                    throw new IOException("the guest has closed the connection");
                }
                toGuest.put(from);
            }
            hasWork.run();
        }
        return all;
    }

    @Override
    public int hostPort() {
        return ports.host();
    }

    @Override
    public void shutdownOutput() {
        synchronized (this) {
            state.finished = true;
        }
        hasWork.run();
    }

    private void requireOpen() throws ClosedChannelException {
        if (state.closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return !state.closed;
    }

    /** What was written is still sent. */
    @Override
    public void close() {
        synchronized (this) {
            state.closed = true;
            notifyAll();
        }
        hasWork.run();
    }
}
