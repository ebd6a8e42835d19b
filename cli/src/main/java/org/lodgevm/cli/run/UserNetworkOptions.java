package org.lodgevm.cli.run;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.user.plan.PortForward;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what a user-mode network lets through. */
final class UserNetworkOptions {
    @Option(
            names = {"-p", "--publish"},
            paramLabel = "[ADDR:]PORT:PORT[/udp]",
            converter = Forward.class,
            description = "A port of the host that leads to a port of the guest. May be repeated.")
    private List<PortForward> forwards = List.of();

    @Option(names = "--net-restrict", description = "Nothing leads out of the network; ports that are published still lead in.")
    private boolean restricted;

    @Option(
            names = "--net-no-host",
            description = "The gateway's address (10.0.2.2) does not lead to what listens on this host's loopback address, as it does otherwise.")
    private boolean hostless;

    /** Whether ports are published, which takes such a network. */
    boolean publish() {
        return !forwards.isEmpty();
    }

    /** Whether any was given. */
    boolean present() {
        return publish() || restricted || hostless;
    }

    UserNetwork start() throws IOException {
        UserNetwork.Builder builder = UserNetwork.builder().restricted(restricted).hostLoopback(!hostless);
        forwards.forEach(builder::forward);
        return builder.start();
    }

    /** Sentences on the ports that the user left open. @param network of {@link #start} */
    List<String> chosen(UserNetwork network) {
        return IntStream.range(0, forwards.size())
                .filter(i -> forwards.get(i).host().getPort() == 0)
                .mapToObj(network.forwards()::get)
                .map(forward -> "port %d of this host leads to the guest's port %d".formatted(forward.host().getPort(), forward.guestPort()))
                .toList();
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
