package org.lodgevm.vm.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/** The receiving end of one connection. */
public final class MigrationTarget {
    /** Makes the machine that is to come. */
    @FunctionalInterface
    public interface Builder {
        /** @throws IOException with the reason if there cannot be such a machine here */
        ProtectedMachine build(Hello hello) throws IOException;
    }

    private final MigrationLink link;
    private final MessageStream stream;
    private final Decisions decisions;
    /** Of a machine that is protected; or null. */
    private volatile Standby standby;
    /** What follows the machine; or null. */
    private RemoteMemory rest;

    public MigrationTarget(MigrationLink link, Decisions decisions) throws IOException {
        this.link = link;
        stream = new MessageStream(link);
        this.decisions = decisions;
    }

    /**
     * Receives a machine, stands by for one that is protected, or answers a question.
     *
     * @return whether a machine was taken: it runs, or is paused as it was
     * @throws IOException if none was, with the reason; the source knows it too if it can be reached
     */
    public boolean run(Builder builder) throws IOException {
        try {
            Message first = stream.receive();
            if (first.type() == MessageType.ASK) {
                answer(Hello.asked(first.payload()));
                return false;
            }
            if (first.type() == MessageType.PROTECT) {
                standBy(Hello.silence(first.payload()), Hello.decodeProtected(first.payload()), builder);
                return true;
            }
            if (first.type() == MessageType.JOIN) {
                throw new IOException("the target takes one connection for a machine; use one: --connections 1");
            }
            require(first, MessageType.HELLO);
            take(Hello.decode(first.payload()), builder);
            return true;
        } catch (IOException | RuntimeException e) {
            refuse(e);
            throw e;
        }
    }

    /** After {@link #run}: memory that follows the machine, by the connection, which belongs to it then. */
    public Optional<RemoteMemory> rest() {
        return Optional.ofNullable(rest);
    }

    /** How far this is; any thread. */
    public Arrival progress() {
        Standby known = standby;
        return new Arrival(known == null ? 0 : known.checkpoint(), stream.received());
    }

    private void answer(UUID id) throws IOException {
        if (decisions.decide(id, false)) {
            stream.send(MessageType.TAKEN);
        } else {
            stream.send(MessageType.REFUSE, "the target did not get to take the machine");
        }
    }

    private void take(Hello hello, Builder builder) throws IOException {
        ProtectedMachine machine = accept(hello, builder);
        byte[] state = receive(hello, machine);
        Downtime still = new Downtime();
        if (rest != null) {
            rest.begin(stream, link); // devices may look at memory
        }
        still.step("state", () -> machine.restoreState(state));
        stream.send(MessageType.READY);
        Message commit = rest == null ? stream.receive() : rest.awaitCommit();
        require(commit, MessageType.COMMIT);
        still.step("disks", machine::acquireDisks);
        try {
            if (rest != null) {
                rest.keep();
            }
            still.step("decision", () -> decide(hello.id()));
        } catch (IOException e) {
            machine.releaseDisks(); // the source wants them, as soon as it hears of it
            throw e;
        }
        if (commit.payload().length == 1 && commit.payload()[0] == 1) {
            still.step("resumption", machine::resume);
        }
        tell();
        if (rest != null) {
            rest.fetchAll();
        }
        machine.say("the machine is here, %s after its state".formatted(still));
    }

    private ProtectedMachine accept(Hello hello, Builder builder) throws IOException {
        ProtectedMachine machine = builder.build(hello);
        String difference = hello.difference(machine.profile());
        if (difference != null) {
            throw new IOException("the machines differ: " + difference);
        }
        if (hello.postcopy()) {
            machine.requirePostcopy();
        }
        machine.rehearse();
        stream.send(MessageType.ACCEPT);
        return machine;
    }

    private void standBy(Duration silence, Hello hello, Builder builder) throws IOException {
        standby = new Standby(hello.id(), accept(hello, builder), stream, decisions, silence);
        standby.run();
    }

    private void decide(UUID id) throws IOException {
        if (!decisions.decide(id, true)) {
            throw new IOException("the source has asked meanwhile, and was told that the machine stays there");
        }
    }

    /** Disks that come along and memory, or which of it is to follow, then the state, which it returns. */
    private byte[] receive(Hello hello, ProtectedMachine machine) throws IOException {
        GuestMemory memory = machine.memory();
        PageSet received = MemoryCopy.none(memory);
        PageSet absent = MemoryCopy.none(memory);
        DiskIntake disks = new DiskIntake(machine, hello.disks().size());
        while (true) {
            Message message = stream.receive();
            if (disks.take(message)) {
                continue;
            }
            if (message.type() == MessageType.STATE) {
                rest = absent.next(0) < 0 ? null : new RemoteMemory(hello.id(), machine, absent, received);
                return message.payload();
            }
            if (message.type() == MessageType.ALIVE) {
                stream.send(MessageType.ALIVE);
            } else if (message.type() == MessageType.HOT_CODE) {
                machine.prepare(message.payload());
            } else if (message.type() == MessageType.ABSENT && hello.postcopy()) {
                PageServer.collect(message.payload(), memory, absent);
            } else {
                require(message, MessageType.PAGES);
                PageBatch.apply(message.payload(), memory, received);
            }
        }
    }

    private static void require(Message message, MessageType type) throws MalformedStreamException {
        if (message.type() != type) {
            throw new MalformedStreamException("the source sent %s where %s belongs".formatted(message.type(), type));
        }
    }

    /** A source that does not hear it asks. */
    private void tell() {
        try {
            stream.send(MessageType.TAKEN);
        } catch (IOException e) {
            // the machine is here all the same
        }
    }

    private void refuse(Exception why) {
        try {
            stream.send(MessageType.REFUSE, why.getMessage() == null ? why.toString() : why.getMessage());
        } catch (IOException e) {
            // it finds out by asking, or by the connection's end
        }
    }
}
