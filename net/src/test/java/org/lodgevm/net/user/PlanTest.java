package org.lodgevm.net.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.user.plan.NetworkPlan;
import org.lodgevm.net.user.plan.PortForward;

class PlanTest {
    @ParameterizedTest
    @CsvSource({
        "8080:80, 127.0.0.1:8080:80",
        "127.0.0.1:2222:22/tcp, 127.0.0.1:2222:22",
        "192.0.2.1:0:5/udp, 192.0.2.1:0:5/udp",
        "[::1]:8080:80, [0:0:0:0:0:0:0:1]:8080:80"
    })
    void portForwardsReadAsTheyAreWritten(String text, String meaning) {
        assertThat(PortForward.parse(text)).hasToString(meaning);
    }

    @Test
    void aStarIsEverybody() {
        assertThat(PortForward.parse("*:8080:80").host().getAddress().isAnyLocalAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "a:b", "8080:80/sctp", "99999:80", "80:0", "1.2.3:80:80", "host:80:80", "::1:80:80", "-1:80"})
    void whatIsNoneIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> PortForward.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPlanOfOnesOwn() {
        NetworkPlan plan = NetworkPlan.of(IpAddress.parse("192.168.7.16"), 28, IpAddress.parse("fd00::"), 9000);
        assertThat(plan.gateway()).isEqualTo(IpAddress.parse("192.168.7.18"));
        assertThat(plan.broadcast()).isEqualTo(IpAddress.parse("192.168.7.31"));
        assertThat(plan.netmask()).isEqualTo(IpAddress.parse("255.255.255.240"));
        assertThat(plan.isGuest(IpAddress.parse("192.168.7.20"))).isTrue();
        assertThat(plan.isGuest(plan.dns())).isFalse();
        assertThat(plan.isGuest(IpAddress.parse("fd00::77"))).isTrue();
        assertThatThrownBy(() -> NetworkPlan.of(IpAddress.parse("10.0.0.0"), 24, IpAddress.parse("fd00::"), 500))
                .hasMessageContaining("1280");
    }
}
