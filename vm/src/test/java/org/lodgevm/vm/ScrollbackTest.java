package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrollbackTest {
    private final Scrollback scrollback = new Scrollback(4096);

    private void append(String text) {
        for (byte b : text.getBytes(US_ASCII)) {
            scrollback.append(b);
        }
    }

    @Test
    void theOldestBytesAreForgotten() {
        append("abc" + "x".repeat(4096));
        assertThat(scrollback.end()).isEqualTo(4099);
        assertThat(scrollback.start()).isEqualTo(3);
        append("yz");
        assertThat(new String(scrollback.copy(4097, scrollback.end()), US_ASCII)).isEqualTo("xxyz");
    }

    @Test
    void growthKeepsWhatIsThere() {
        append("0123456789".repeat(150));
        assertThat(scrollback.start()).isZero();
        assertThat(scrollback.copy(1490, 1500)).isEqualTo("0123456789".getBytes(US_ASCII));
    }

    @Test
    void searchFindsWhatWrapsAround() {
        append("-".repeat(4094) + "login:");
        assertThat(scrollback.indexOf("login:".getBytes(US_ASCII), 0)).isEqualTo(4094);
        assertThat(scrollback.indexOf("login:".getBytes(US_ASCII), 4095)).isEqualTo(-1);
    }
}
