package org.lodgevm.vm.migration;

import java.io.IOException;

/** The target does not have the machine, and never will. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String reason) {
        super(reason);
    }

    /** @throws RefusedException if that is what the message says */
    static void check(Message message) throws RefusedException {
        if (message.type() == MessageType.REFUSE) {
            throw new RefusedException(message.text());
        }
    }

    /** @throws IOException if it is not of the type that has to come */
    static void expect(Message message, MessageType type) throws IOException {
        check(message);
        if (message.type() != type) {
            throw new MalformedStreamException("the target sent %s where %s belongs".formatted(message.type(), type));
        }
    }
}
