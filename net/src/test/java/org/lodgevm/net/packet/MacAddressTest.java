package org.lodgevm.net.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MacAddressTest {
    @Test
    void addressesAreReadAsTheyAreWritten() {
        assertThat(MacAddress.parse("52:54:00:AB:cd:0f")).hasToString("52:54:00:ab:cd:0f");
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.parse("52:54:00:ab:cd"));
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.parse("52-54-00-ab-cd-ef"));
    }
}
