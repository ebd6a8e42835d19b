package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeviceSpecTest {
    @Test
    void aMachinesCardHasAnAddressOfItsOwnThatStays() {
        assertThat(DeviceSpec.Network.of("web")).isEqualTo(DeviceSpec.Network.of("web"));
        assertThat(IntStream.range(0, 100).mapToObj(i -> DeviceSpec.Network.of("machine " + i).mac()).collect(Collectors.toSet()))
                .hasSize(100)
                .allMatch(mac -> mac.matches("52:54:00(:[0-9a-f]{2}){3}"));
    }
}
