package org.lodgevm.cli.run;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.net.Link;
import org.lodgevm.net.capture.CapturedLink;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.user.plan.PortForward;
import org.lodgevm.net.wire.SocketWire;
import org.lodgevm.net.wire.TapAccess;
import org.lodgevm.net.wire.Wire;
import org.lodgevm.net.wire.WireLink;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what network a machine has. */
final class NetworkOptions {
    private static final String TAP = "tap:";
    private static final String SWITCH = "switch:";

    /** What a network card can be plugged into. */
    sealed interface Socket {
        /** There is no network card. */
        record None() implements Socket {}

        /** A user-mode network of the machine's own. */
        record User() implements Socket {}

        /** An interface of the host's kernel. */
        record Tap(String name) implements Socket {}

        /** A switch that others are plugged into. */
        record Switch(SocketAddress address) implements Socket {}
    }

    @Option(
            names = "--net",
            paramLabel = "none|user|switch:ADDRESS|tap:NAME",
            converter = Reader.class,
            completionCandidates = Words.class,
            description = {
                "The network: none; one that reaches what this process can reach; a switch that others are plugged into (lodge switch), at a socket's"
                        + " path or tcp://HOST:PORT; or a TAP interface of this host (none, or user with -p or an image)."
            })
    private Socket socket;

    @Option(
            names = "--mac",
            paramLabel = "ADDRESS",
            converter = CardReader.class,
            description = "The network card's address (52:54:00:12:34:56; on a switch or TAP interface, one of the machine's own).")
    private DeviceSpec.Network card;

    @Mixin
    private UserNetworkOptions user;

    @Option(names = "--pcap", paramLabel = "FILE", description = "Record what passes the network card, for Wireshark and its like.")
    private Path pcap;

    boolean present(boolean byDefault) {
        return !(socket(byDefault) instanceof Socket.None);
    }

    private Socket socket(boolean byDefault) {
        if (socket != null) {
            return socket;
        }
        return byDefault || user.publish() ? new Socket.User() : new Socket.None();
    }

    /** Refuses what makes no sense, before anything is done for the machine. */
    void check() {
        if (user.present() && (socket instanceof Socket.Tap || socket instanceof Socket.Switch)) {
            throw new Failure(ExitStatus.USAGE, "-p, --net-restrict and --net-no-host are the user-mode network's; give them to lodge switch, or say --net user");
        }
    }

    /**
     * Starts the network, if there is to be one, and plugs the machine in.
     *
     * @param say is told, now and later, what the user has to know of it
     * @return what is to be closed after the machine, or null
     */
    UserNetwork connect(MachineBuilder machine, boolean byDefault, Consumer<String> say) throws IOException {
        return switch (socket(byDefault)) {
            case Socket.None() -> null;
            case Socket.User() -> connectToUser(machine, say);
            case Socket.Tap(String name) -> connect(machine, TapAccess.tap(name), say);
            case Socket.Switch(SocketAddress address) -> connect(machine, SocketWire.connect(address), say);
        };
    }

    /** The ports that lead in, as {@code 127.0.0.1:8080:80}. @param network or null, if there is none */
    static List<String> published(UserNetwork network) {
        return network == null ? List.of() : network.forwards().stream().map(PortForward::toString).toList();
    }

    private UserNetwork connectToUser(MachineBuilder machine, Consumer<String> say) throws IOException {
        UserNetwork network = user.start();
        try {
            plug(machine, card == null ? DeviceSpec.Network.DEFAULT : card, network.link());
            user.chosen(network).forEach(say);
            return network;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private UserNetwork connect(MachineBuilder machine, Wire wire, Consumer<String> say) throws IOException {
        Link link = new WireLink(wire, () -> say.accept("the network card is not plugged in any more: what was at the other end of its cable has ended"));
        try {
            plug(machine, card == null ? DeviceSpec.Network.of(machine.uuid().toString()) : card, link);
            return null;
        } catch (IOException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private void plug(MachineBuilder machine, DeviceSpec.Network plugged, Link link) throws IOException {
        machine.network(plugged, pcap == null ? link : new CapturedLink(link, pcap));
    }

    /** Reads {@code tap:tap0}. */
    static final class Reader implements ITypeConverter<Socket> {
        @Override
        public Socket convert(String text) {
            if (text.equals("none")) {
                return new Socket.None();
            } else if (text.equals("user")) {
                return new Socket.User();
            } else if (text.startsWith(TAP)) {
                return new Socket.Tap(text.substring(TAP.length()));
            } else if (text.startsWith(SWITCH)) {
                try {
                    return new Socket.Switch(SwitchAddress.parse(text.substring(SWITCH.length())));
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException(e.getMessage());
                }
            }
            throw new TypeConversionException("'%s' is no network: say none, user, tap:NAME or switch:ADDRESS".formatted(text));
        }
    }

    /** Reads {@code 52:54:00:12:34:56}. */
    static final class CardReader implements ITypeConverter<DeviceSpec.Network> {
        @Override
        public DeviceSpec.Network convert(String text) {
            try {
                return new DeviceSpec.Network(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** What it can begin with. */
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("none", "user", SWITCH, TAP).iterator();
        }
    }
}
