package org.lodgevm.vm.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One message as it was received. */
record Message(MessageType type, byte[] payload) {
    String text() {
        return new String(payload, UTF_8);
    }
}
