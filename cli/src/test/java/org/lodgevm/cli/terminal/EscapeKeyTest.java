package org.lodgevm.cli.terminal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EscapeKeyTest {
    private final AtomicInteger left = new AtomicInteger();

    private EscapeKey keyboard(String typed) {
        return new EscapeKey(new ByteArrayInputStream(typed.getBytes(US_ASCII)), left::incrementAndGet);
    }

    @Test
    void whatIsTypedBeforeTheKeyStillReachesTheGuest() throws IOException {
        assertThat(keyboard("halt\r\035more").readAllBytes()).asString(US_ASCII).isEqualTo("halt\r");
        assertThat(left).hasValue(1);
    }

    @Test
    void everyOtherKeyIsPassedOnControlCIncluded() throws IOException {
        assertThat(keyboard("\003\032\033[A\034\036").readAllBytes()).asString(US_ASCII).isEqualTo("\003\032\033[A\034\036");
        assertThat(left).hasValue(0);
    }

    @Test
    void nothingIsReadAfterTheKey() throws IOException {
        EscapeKey keyboard = keyboard("\035ab");
        assertThat(keyboard.read()).isEqualTo(-1);
        assertThat(keyboard.read()).isEqualTo(-1);
        assertThat(left).hasValue(1);
    }

    @Test
    void theEndOfTheInputDoesNotLeave() throws IOException {
        assertThat(keyboard("").read()).isEqualTo(-1);
        assertThat(left).hasValue(0);
    }
}
