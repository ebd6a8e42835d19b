package org.lodgevm.vm.migration;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A source's connections to its target: the first one carries all that is said, the others pages only. */
final class Connections implements AutoCloseable {
    private final MigrationLink.Opener target;
    private final List<MigrationLink> links = new CopyOnWriteArrayList<>();
    private final List<MessageStream> streams = new CopyOnWriteArrayList<>();

    Connections(MigrationLink.Opener target) {
        this.target = target;
    }

    /** One more. */
    MessageStream open() throws IOException {
        MigrationLink opened = target.open();
        links.add(opened);
        MessageStream stream = new MessageStream(opened);
        streams.add(stream);
        return stream;
    }

    /** Has others join the first one, which the target has accepted. */
    void join(UUID id, int others) throws IOException {
        for (int i = 0; i < others; i++) {
            MessageStream stream = open();
            stream.send(MessageType.JOIN, Hello.ask(id));
            RefusedException.expect(stream.receive(), MessageType.ACCEPT);
        }
    }

    /** All of them. */
    List<MessageStream> all() {
        return streams;
    }

    /** The others carry no more pages. */
    void finish() throws IOException {
        for (MessageStream other : streams.subList(1, streams.size())) {
            other.send(MessageType.END);
        }
    }

    /** Any thread: ends what waits for them. */
    @Override
    public void close() {
        for (MigrationLink link : links) {
            try {
                link.close();
            } catch (IOException e) {
                // it is of no more use in any case
            }
        }
    }
}
