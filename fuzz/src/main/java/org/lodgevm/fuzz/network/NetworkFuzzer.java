package org.lodgevm.fuzz.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.Fuzzer;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.user.plan.PortForward;

/** One network a case, with a hostile guest. */
public final class NetworkFuzzer implements Fuzzer {
    private static final int ACTS = 2000;
    private static final int MOST_CONNECTIONS = 48;
    private static final int BUFFERS = 4 << 20;

    private final Outside outside;

    public NetworkFuzzer() throws IOException {
        outside = new Outside();
    }

    @Override
    public void run(long seed) throws IOException, InterruptedException {
        Dice dice = new Dice(seed);
        List<RuntimeException> failures = new CopyOnWriteArrayList<>();
        try (UserNetwork network = network(dice).failures(failures::add).start(); Cable cable = Cable.to(network.link(), dice)) {
            HostileGuest guest = new HostileGuest(cable.link(), dice, outside.serverPort());
            for (int i = 0; i < ACTS; i++) {
                guest.act();
                if (dice.oneIn(500)) {
                    Outside.use(dice.of(network.forwards()), dice);
                }
                if (dice.oneIn(2000)) {
                    network.reset();
                }
            }
            if (!guest.isAnswered()) {
                throw new AssertionError("there is no answer to a ping any more");
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private UserNetwork.Builder network(Dice dice) throws IOException {
        InetSocketAddress host = Outside.anyPort();
        return UserNetwork.builder()
                .maxConnections(MOST_CONNECTIONS)
                .bufferBytes(BUFFERS)
                .restricted(dice.oneIn(8))
                .hostName("fuzz")
                .resolvers(List.of(outside.resolver()))
                .forward(new PortForward(PortForward.Protocol.TCP, host, null, 1 + dice.below(100)))
                .forward(new PortForward(PortForward.Protocol.UDP, host, null, 1 + dice.below(100)));
    }

    @Override
    public void close() {
        try {
            outside.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
