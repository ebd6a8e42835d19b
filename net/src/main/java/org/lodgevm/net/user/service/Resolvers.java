package org.lodgevm.net.user.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.lodgevm.net.packet.Dns;

/** The host's DNS servers: those of resolv.conf, which is read anew as the host may move between networks. */
public final class Resolvers {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final long MAX_AGE = TimeUnit.SECONDS.toNanos(2);

    /** Further ones are not asked. */
    private static final int MAX_SERVERS = 4;

    private static final long MAX_FILE = 1 << 16;
    private static final String KEYWORD = "nameserver";

    private final Path file;
    private final List<InetSocketAddress> fixed;
    private final LongSupplier clock;
    private List<InetSocketAddress> read = List.of();
    private long readAt;

    private Resolvers(Path file, List<InetSocketAddress> fixed, LongSupplier clock) {
        this.file = file;
        this.fixed = fixed;
        this.clock = clock;
    }

    public static Resolvers ofHost(LongSupplier clock) {
        return ofFile(RESOLV_CONF, clock);
    }

    static Resolvers ofFile(Path file, LongSupplier clock) {
        return new Resolvers(file, List.of(), clock);
    }

    /** Servers that the user has chosen. */
    public static Resolvers of(List<InetSocketAddress> servers) {
        return new Resolvers(null, List.copyOf(servers), () -> 0);
    }

    /** By preference; empty if there are none. */
    public List<InetSocketAddress> current() {
        if (file == null) {
            return fixed;
        }
        long now = clock.getAsLong();
        if (read.isEmpty() || now - readAt > MAX_AGE) {
            read = read();
            readAt = now;
        }
        return read;
    }

    private List<InetSocketAddress> read() {
        List<InetSocketAddress> servers = new ArrayList<>();
        try {
            if (Files.size(file) > MAX_FILE) {
                return servers;
            }
            for (String line : Files.readAllLines(file, ISO_8859_1)) {
                InetAddress server = server(line);
                if (server != null && servers.size() < MAX_SERVERS) {
                    servers.add(new InetSocketAddress(server, Dns.PORT));
                }
            }
        } catch (IOException e) {
            // a host without the file, or in the middle of writing it: those that were found
        }
        return servers;
    }

    /** The server that a line names; null if it is about something else, or is wrong. */
    private static InetAddress server(String line) {
        String[] words = line.strip().split("\\s+", 3);
        try {
            return words[0].equals(KEYWORD) && words.length > 1 ? InetAddress.ofLiteral(words[1]) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
