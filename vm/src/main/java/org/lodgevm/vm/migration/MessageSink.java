package org.lodgevm.vm.migration;

import java.io.IOException;

/** Where messages go. */
@FunctionalInterface
interface MessageSink {
    void send(MessageType type, byte... payload) throws IOException;
}
