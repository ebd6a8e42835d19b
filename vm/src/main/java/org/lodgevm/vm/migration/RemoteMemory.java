package org.lodgevm.vm.migration;

import java.io.EOFException;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.lodgevm.machine.AbsentPages;
import org.lodgevm.machine.PageSet;

/**
 * Memory that a machine has left behind where it came from (post-copy): gets it from there, page by page, those first for which the guest waits. When the connection breaks, whoever needs a page
 * that is not here stands still until there is another connection, or the machine ends.
 */
public final class RemoteMemory {
    private final UUID id;
    private final ProtectedMachine machine;
    private final PageSet received;
    private final AbsentPages absent;
    /** The message with which the machine is handed over. */
    private final CompletableFuture<Message> commit = new CompletableFuture<>();
    /** Null if there is none. Guarded by this, as what follows. */
    private PageRequests requests;
    /** The machine is this side's: a connection that breaks is not the end. */
    private boolean kept;
    /** The source knows, and answers for nothing else. */
    private boolean told;
    /** Nothing is needed from there any more: all is here, or the machine has ended. */
    private boolean complete;

    /**
     * @param absent by the addresses that they have as RAM
     * @param received pages that hold something else than zeroes, of no more use there
     */
    RemoteMemory(UUID id, ProtectedMachine machine, PageSet absent, PageSet received) {
        this.id = id;
        this.machine = machine;
        this.received = received;
        this.absent = new AbsentPages(absent);
        machine.memory().expect(this.absent);
    }

    /** Of the migration. */
    public UUID id() {
        return id;
    }

    /** How many pages are not here. */
    public long pagesLeft() {
        return absent.left();
    }

    /** Whether there is a connection to where they are. */
    public synchronized boolean isConnected() {
        return requests != null;
    }

    /** Gets pages that somebody waits for, by the connection by which the machine comes; the next message that is something else is for {@link #awaitCommit}. */
    void begin(MessageStream stream, MigrationLink link) {
        PageRequests first = new PageRequests(machine.memory(), absent, stream, link);
        connect(first);
        Thread.ofPlatform().daemon().name("migration memory").start(() -> {
            try {
                serve(first);
            } catch (IOException e) {
                // the log has it
            }
        });
    }

    /** @throws IOException if the connection ends instead */
    Message awaitCommit() throws IOException {
        try {
            return commit.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** The machine will be here without all of its memory. @throws IOException if it is known already that this is no good */
    synchronized void keep() throws IOException {
        if (requests == null) {
            throw new IOException("the connection broke before the machine was here");
        }
        kept = true;
        machine.beforeEnd(this::end);
    }

    /** The machine is here, and the source was told: the others follow, too. */
    synchronized void fetchAll() {
        told = true;
        if (requests != null && !isComplete(requests)) {
            requests.begin();
        }
    }

    /** The machine ends without them. */
    private synchronized void end() {
        complete = true;
        if (requests != null && told) {
            requests.end();
        }
    }

    /**
     * Goes on by a connection that the source has made anew, in place of any other, until it breaks or all memory is here.
     *
     * @throws IOException if it breaks, or is not the source's
     */
    public void recover(MigrationLink link) throws IOException {
        try (link) {
            MessageStream stream = new MessageStream(link);
            Message first = stream.receive();
            if (first.type() != MessageType.RECOVER || !Hello.asked(first.payload()).equals(id)) {
                throw new MalformedStreamException("the source sent %s where a recovery belongs".formatted(first.type()));
            }
            stream.send(MessageType.ACCEPT);
            PageRequests next = new PageRequests(machine.memory(), absent, stream, link);
            if (!connect(next)) {
                next.end();
                return;
            }
            machine.say("there is a connection again to where the rest of the machine's memory is");
            next.begin();
            serve(next);
        }
    }

    /** @return false if nothing is needed any more */
    private synchronized boolean connect(PageRequests next) {
        if (complete) {
            return false;
        }
        if (requests != null) {
            requests.close();
        }
        requests = next;
        return true;
    }

    private void serve(PageRequests by) throws IOException {
        absent.demand(by::ask);
        try {
            while (!isComplete(by)) {
                Message message = by.receive();
                if (message.type() == MessageType.PAGES) {
                    by.answered();
                    PageBatch.apply(message.payload(), machine.memory(), received, machine.memory()::arrive);
                    by.fill();
                } else if (!commit.complete(message)) {
                    throw new MalformedStreamException("the source sent %s where pages belong".formatted(message.type()));
                }
            }
            by.awaitEnd();
        } catch (IOException | RuntimeException e) {
            broken(by, e);
            throw e;
        } finally {
            by.close();
        }
    }

    /** Says so, once. */
    private synchronized boolean isComplete(PageRequests by) {
        if (told && absent.left() == 0 && !complete) {
            complete = true;
            machine.beforeEnd(null);
            machine.say("all of the machine's memory is here");
            by.end();
        }
        return complete;
    }

    private synchronized void broken(PageRequests by, Exception why) {
        if (requests != by || complete) {
            return; // another one is in its place, or none is needed
        }
        requests = null;
        absent.strand();
        commit.completeExceptionally(why instanceof EOFException ? new EOFException("the source closed the connection") : why);
        if (kept) {
            machine.say("the connection broke by which the last %d pages of the machine's memory come (%s); the guest goes on as far as it can. Where it came from, connect anew: lodge migrate --recover".formatted(
                    absent.left(), why.getMessage()));
        } else {
            absent.lose();
        }
    }
}
