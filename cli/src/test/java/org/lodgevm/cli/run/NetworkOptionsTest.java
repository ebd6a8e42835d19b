package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.net.Link;
import org.lodgevm.net.bridge.VirtualSwitch;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.wire.LinkServer;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class NetworkOptionsTest {
    @TempDir
    Path folder;

    @Command
    private static final class Options {
        @Mixin
        private NetworkOptions network;
    }

    private static NetworkOptions read(String... arguments) {
        Options options = new Options();
        new CommandLine(options).parseArgs(arguments);
        return options.network;
    }

    @Test
    void thereIsANetworkWhereOneIsNeededOrSaid() {
        assertThat(read().present(false)).isFalse();
        assertThat(read().present(true)).isTrue();
        assertThat(read("-p", "0:80").present(false)).isTrue();
        assertThat(read("--net", "none", "-p", "0:80").present(true)).isFalse();
        assertThat(read("--net", "tap:tap0").present(false)).isTrue();
        assertThat(read("--net", "switch:here").present(false)).isTrue();
    }

    @Test
    void whatIsNoNetworkIsRefused() {
        for (String text : List.of("tap", "User", "switch:", "switch:tcp://", "")) {
            assertThatThrownBy(() -> read("--net", text)).isInstanceOf(ParameterException.class);
        }
        assertThatThrownBy(() -> read("--mac", "52:54:00")).isInstanceOf(ParameterException.class).hasMessageContaining("52:54:00:12:34:56");
    }

    @Test
    void onlyAUserModeNetworkHasPortsToPublish() {
        for (String text : List.of("switch:here", "tap:tap0")) {
            read("--net", text).check();
            assertThatThrownBy(() -> read("--net", text, "-p", "0:80").check()).isInstanceOf(Failure.class).hasMessageContaining("lodge switch");
            assertThatThrownBy(() -> read("--net", text, "--net-restrict").check()).isInstanceOf(Failure.class);
        }
        read("--net", "user", "-p", "0:80", "--net-no-host").check();
    }

    @Test
    void aMachineOnASwitchHasAnAddressOfItsOwn() throws Exception {
        LinkedBlockingQueue<Link> ports = new LinkedBlockingQueue<>();
        try (VirtualSwitch machines = new VirtualSwitch();
                LinkServer server = new LinkServer(UnixDomainSocketAddress.of(folder.resolve("net")), () -> {
                    Link port = machines.port();
                    ports.add(port);
                    return port;
                })) {
            String place = "switch:" + server.address();
            UUID uuid = UUID.randomUUID();
            assertThat(cards(uuid, "--net", place)).isEqualTo(cards(uuid, "--net", place)).isNotEqualTo(cards(UUID.randomUUID(), "--net", place));
            assertThat(cards(uuid, "--net", place, "--mac", "52:54:00:00:00:01")).containsExactly(new DeviceSpec.Network("52:54:00:00:00:01"));
            assertThat(ports.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(Files.exists(folder.resolve("net"))).isFalse();
    }

    /** What a machine with these options is told that it has. */
    private static List<DeviceSpec> cards(UUID uuid, String... options) throws Exception {
        MachineBuilder builder = Machine.builder().uuid(uuid).kernel(Path.of("bzImage"));
        read(options).connect(builder, false, line -> {});
        return builder.spec().devices().stream().filter(DeviceSpec.Network.class::isInstance).toList();
    }

    @Test
    void aPortThatWasLeftOpenIsTold() throws Exception {
        List<String> said = new ArrayList<>();
        try (UserNetwork network = read("-p", "0:80", "-p", "0:53/udp").connect(Machine.builder(), false, said::add)) {
            assertThat(said).hasSize(2);
            assertThat(said.getFirst()).isEqualTo("port %d of this host leads to the guest's port 80", network.forwards().getFirst().host().getPort());
            assertThat(NetworkOptions.published(network)).first().asString().matches("127\\.0\\.0\\.1:[1-9]\\d*:80");
        }
        assertThat(NetworkOptions.published(null)).isEmpty();
    }

    @Test
    void aSwitchThatIsNotThereIsNamed() {
        Path nowhere = folder.resolve("nowhere");
        assertThatThrownBy(() -> cards(UUID.randomUUID(), "--net", "switch:" + nowhere)).hasMessageContaining(nowhere.toString()).hasMessageContaining("start a switch");
    }
}
