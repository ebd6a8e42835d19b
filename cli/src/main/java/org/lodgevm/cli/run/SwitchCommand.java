package org.lodgevm.cli.run;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.net.Patch;
import org.lodgevm.net.bridge.VirtualSwitch;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.wire.LinkServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge switch}. */
@Command(
        name = "switch",
        description = "Joins machines of several processes to one network, until interrupted.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Whoever can connect is on the network: there is no authentication. Machines of QEMU's can come too: -netdev stream.",
            "",
            "Examples:",
            "  lodge switch /tmp/net --user &",
            "  lodge run debian:12 --net switch:/tmp/net"
        })
public final class SwitchCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(paramLabel = "ADDRESS", description = "Where machines come: a Unix socket's path, or tcp://HOST:PORT.")
    private String address;

    @Option(
            names = "--user",
            description = "Plug a user-mode network in, which gives the machines addresses, names and a way out. Ports that are published lead to the first machine.")
    private boolean way;

    @Mixin
    private UserNetworkOptions user;

    public SwitchCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        if (user.present() && !way) {
            throw new Failure(ExitStatus.USAGE, "-p, --net-restrict and --net-no-host are the user-mode network's; say --user, too");
        }
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ended.countDown();
            await(closed); // so that the socket is gone
        }));
        try (VirtualSwitch machines = new VirtualSwitch();
                UserNetwork network = way ? user.start() : null;
                LinkServer cables = new LinkServer(SwitchAddress.parse(address), machines::port)) {
            if (network != null) {
                Patch.join(network.link(), machines.port());
            }
            streams.err().println("lodge: a switch is at " + place(cables));
            await(ended);
        } finally {
            closed.countDown();
        }
        return ExitStatus.OK;
    }

    private static String place(LinkServer cables) {
        return cables.address() instanceof InetSocketAddress host ? "tcp://%s:%d".formatted(host.getHostString(), host.getPort()) : cables.address().toString();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
