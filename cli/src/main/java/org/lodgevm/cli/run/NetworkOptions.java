package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.lodgevm.net.Link;
import org.lodgevm.net.capture.CapturedLink;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.user.plan.PortForward;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what network a machine has. */
final class NetworkOptions {
    /** Where a network card can be plugged in. */
    enum Kind {
        NONE,
        USER
    }

    @Option(
            names = "--net",
            paramLabel = "none|user",
            description = "The network: none, or one that reaches what this process can reach (none, or user with -p or an image).")
    private Kind kind;

    @Option(
            names = {"-p", "--publish"},
            paramLabel = "[ADDR:]PORT:PORT[/udp]",
            converter = Forward.class,
            description = "A port of the host that leads to a port of the guest. May be repeated.")
    private List<PortForward> forwards = List.of();

    @Option(names = "--net-restrict", description = "Nothing leads out of the network; ports that are published still lead in.")
    private boolean restricted;

    @Option(names = "--pcap", paramLabel = "FILE", description = "Record what passes the network card, for Wireshark and its like.")
    private Path pcap;

    boolean present(boolean byDefault) {
        return kind == Kind.USER || kind == null && (byDefault || !forwards.isEmpty());
    }

    /** Starts the network, if there is to be one, and plugs the machine in. @return what is to be closed after the machine, or null */
    UserNetwork connect(MachineBuilder machine, boolean byDefault) throws IOException {
        if (!present(byDefault)) {
            return null;
        }
        UserNetwork.Builder builder = UserNetwork.builder().restricted(restricted);
        forwards.forEach(builder::forward);
        UserNetwork network = builder.start();
        try {
            Link link = pcap == null ? network.link() : new CapturedLink(network.link(), pcap);
            machine.network(DeviceSpec.Network.DEFAULT, link);
            return network;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** Reads {@code 8080:80}. */
    static final class Forward implements ITypeConverter<PortForward> {
        @Override
        public PortForward convert(String text) {
            try {
                return PortForward.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
