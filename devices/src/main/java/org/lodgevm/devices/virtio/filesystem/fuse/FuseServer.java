package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.devices.virtio.queue.QueueFault;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.SharedFolder;

/** Answers a guest's requests about a folder. Any number of threads. */
public final class FuseServer implements AutoCloseable {
    /** A guest can make up as many opcodes as it likes. */
    private static final int MOST_LOGGED = 10;

    private final Session session;
    private final Consumer<String> log;
    /** With the session locked, and without. */
    private final Map<Opcode, Operation> exclusive = new EnumMap<>(Opcode.class);

    private final Map<Opcode, Operation> concurrent = new EnumMap<>(Opcode.class);
    private final Set<Integer> unknown = ConcurrentHashMap.newKeySet();

    /** @param folder is closed with the server */
    public FuseServer(SharedFolder folder, boolean readOnly, Consumer<String> log) {
        this.session = new Session(folder, readOnly);
        this.log = log;
        exclusive.putAll(new SessionOperations(session).all());
        exclusive.putAll(new NameOperations(session).all());
        exclusive.putAll(new AttributeOperations(session).all());
        exclusive.putAll(new ExtendedOperations(session).all());
        exclusive.putAll(new FileOperations(session).all());
        exclusive.putAll(new FolderOperations(session).all());
        concurrent.putAll(new DataOperations(session).all());
    }

    /**
     * Does what a request says.
     *
     * @param answer what is written to it, is the answer
     * @param data this thread's
     * @throws QueueFault if it is no request, or there is no room for an answer
     */
    public void serve(GuestBuffer input, GuestBuffer answer, DataBuffer data) {
        Request request = Request.read(input, answer.remaining() - Answer.HEADER, data);
        Opcode opcode = Opcode.of(request.opcode());
        boolean answered = opcode == null || !opcode.unanswered();
        if (answered && request.room() < 0) {
            throw new QueueFault("a request has no room for its answer");
        }
        try {
            MemorySegment payload = perform(opcode, request);
            if (answered) {
                Answer.write(request.unique(), payload, answer);
            }
        } catch (FileFault fault) {
            if (answered) {
                Answer.refuse(request.unique(), fault.errno(), answer);
            }
        }
    }

    private MemorySegment perform(Opcode opcode, Request request) throws FileFault {
        if (opcode == null) {
            logUnknown(request.opcode());
            throw new FileFault(Errno.ENOSYS);
        }
        if (session.readOnly() && opcode.changes()) {
            throw new FileFault(Errno.EROFS);
        }
        Operation operation = concurrent.get(opcode);
        if (operation != null) {
            return operation.perform(request);
        }
        operation = exclusive.get(opcode);
        if (operation == null) {
            throw new FileFault(Errno.ENOSYS); // what there is nothing of here: locks, device control, requests that wait
        }
        synchronized (session) {
            return operation.perform(request);
        }
    }

    private void logUnknown(int opcode) {
        if (unknown.size() < MOST_LOGGED && unknown.add(opcode)) {
            log.accept("the guest's request %d is of no known kind".formatted(opcode));
        }
    }

    /** The guest starts anew. */
    public void reset() {
        session.clear();
    }

    @Override
    public void close() {
        session.clear();
        session.root().close();
    }
}
