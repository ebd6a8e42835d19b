package org.lodgevm.vm.migration;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between sources that use several connections and targets that know one. Pages that come by any of them go to the target by that one, each message as a whole; pages of one
 * connection keep their order. A machine's state waits until all connections have said that they have no more pages.
 *
 * <p>A connection that recovers a migration goes to where the machine is that memory follows.
 */
public final class Gathering {
    /** A target, and whoever sends to it. Guarded by this. */
    private static final class Trunk {
        private final MessageStream target;
        private final MigrationLink first;
        private final List<MigrationLink> others = new ArrayList<>();
        /** Of the others, those that may have more pages. */
        private int open;

        /** From the first message, which is nobody else's, until the state. */
        private boolean joinable;

        private boolean over;

        Trunk(MessageStream target, MigrationLink first) {
            this.target = target;
            this.first = first;
        }

        synchronized void begin(Message first) throws IOException {
            target.send(first.type(), first.payload());
            joinable = true;
        }

        /** @return false if it takes none now */
        synchronized boolean join(MigrationLink other) {
            boolean joins = joinable && !over && others.size() < MigrationOptions.MOST_CONNECTIONS;
            if (joins) {
                others.add(other);
                open++;
            }
            return joins;
        }

        synchronized void finished() {
            open--;
            notifyAll();
        }

        /** No other joins any more. @throws IOException if one has broken off */
        synchronized void awaitAll() throws IOException {
            joinable = false;
            try {
                while (open > 0 && !over) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw Inbox.interrupted(e);
            }
            if (over) {
                throw new IOException("one of the connections broke off");
            }
        }

        /** Whether the target, or one of the others, has ended it. */
        synchronized boolean isOver() {
            return over;
        }

        synchronized void end() {
            over = true;
            notifyAll();
            others.forEach(Gathering::close);
            close(first);
        }
    }

    /** With what a connection may begin. */
    private static final Set<MessageType> FIRST =
            EnumSet.of(MessageType.HELLO, MessageType.PROTECT, MessageType.ASK, MessageType.JOIN, MessageType.RECOVER);

    /** Where machines are that memory follows. */
    @FunctionalInterface
    public interface Recovery {
        /** @return what leads to {@link RemoteMemory#recover} @throws IOException if there is no such migration */
        MigrationLink open(UUID migration) throws IOException;
    }

    private final Map<UUID, Trunk> trunks = new ConcurrentHashMap<>();
    private final Recovery recovery;

    /** @param recovery asked when a source makes a connection anew */
    public Gathering(Recovery recovery) {
        this.recovery = recovery;
    }

    /**
     * Passes on what comes by a connection, and the answers, until its end.
     *
     * @param target asked for what leads to a new {@link MigrationTarget}, unless the connection belongs to one that there is
     * @throws IOException with the reason, which the source knows too, if it could not have what it wanted
     */
    public void serve(MigrationLink source, MigrationLink.Opener target) throws IOException {
        MessageStream from = new MessageStream(source);
        try {
            Message first = first(from);
            UUID id = id(first);
            if (first.type() == MessageType.JOIN) {
                join(id, from, source);
            } else if (first.type() == MessageType.RECOVER) {
                UUID migration = Hello.asked(first.payload());
                lead(id, first, from, source, () -> recover(migration));
            } else {
                lead(id, first, from, source, target);
            }
        } catch (Unserved e) {
            from.send(MessageType.REFUSE, e.getMessage());
            throw e;
        } catch (EOFException e) {
            // it is gone, and has what it wanted or knows that it has not
        }
    }

    /** Nothing was passed on yet. */
    private static final class Unserved extends IOException {
        private static final long serialVersionUID = 1;

        Unserved(String reason) {
            super(reason);
        }
    }

    private static Message first(MessageStream from) throws IOException {
        try {
            MessageType type = from.next();
            if (!FIRST.contains(type)) {
                throw new Unserved("the source sent %s where HELLO belongs".formatted(type));
            }
            byte[] payload = from.payload();
            return new Message(type, payload);
        } catch (MalformedStreamException e) {
            throw new Unserved(e.getMessage());
        }
    }

    /** Of a migration that connections can join, or that wants to. */
    private static UUID id(Message first) throws IOException {
        try {
            return first.type() == MessageType.HELLO || first.type() == MessageType.JOIN ? Hello.idOf(first.payload()) : UUID.randomUUID();
        } catch (MalformedStreamException e) {
            throw new Unserved(e.getMessage());
        }
    }

    private MigrationLink recover(UUID migration) throws IOException {
        try {
            return recovery.open(migration);
        } catch (IOException e) {
            throw new Unserved(e.getMessage());
        }
    }

    private void join(UUID id, MessageStream from, MigrationLink source) throws IOException {
        Trunk trunk = trunks.get(id);
        if (trunk == null) {
            throw new Unserved("there is no migration here that the connection could belong to");
        }
        if (!trunk.join(source)) {
            throw new Unserved("the migration takes no more connections");
        }
        try {
            from.send(MessageType.ACCEPT);
            MessageType type = from.next();
            while (type == MessageType.PAGES) {
                trunk.target.send(type, from.payload());
                type = from.next();
            }
            if (type != MessageType.END) {
                throw new MalformedStreamException("the source sent %s where pages belong".formatted(type));
            }
            trunk.finished();
        } catch (IOException e) {
            trunk.end();
            throw e;
        }
    }

    private void lead(UUID id, Message first, MessageStream from, MigrationLink source, MigrationLink.Opener opener) throws IOException {
        try (MigrationLink target = opener.open()) {
            Trunk trunk = new Trunk(new MessageStream(target), source);
            if (trunks.putIfAbsent(id, trunk) != null) {
                throw new Unserved("there is such a migration already");
            }
            try {
                trunk.begin(first);
                Thread.ofVirtual().name("migration answers").start(() -> answer(target, trunk));
                while (true) {
                    passOn(from.next(), from, trunk);
                }
            } catch (IOException e) {
                if (!trunk.isOver()) {
                    throw e;
                }
            } finally {
                trunks.remove(id);
                trunk.end();
            }
        }
    }

    private static void passOn(MessageType type, MessageStream from, Trunk trunk) throws IOException {
        if (type == MessageType.PAGES) {
            trunk.target.send(type, from.payload()); // as a whole: who is slow does not hold up others
            return;
        }
        if (type == MessageType.ABSENT || type == MessageType.STATE) {
            trunk.awaitAll();
        }
        from.pass(trunk.target);
    }

    /** Until the target has said everything, or the source is gone, which the target notices by the end of its input. */
    private static void answer(MigrationLink target, Trunk trunk) {
        try (OutputStream out = trunk.first.out()) {
            target.in().transferTo(out);
        } catch (IOException e) {
            // one of both
        } finally {
            trunk.end();
        }
    }

    private static void close(MigrationLink link) {
        try {
            link.close();
        } catch (IOException e) {
            // it is of no more use in any case
        }
    }
}
