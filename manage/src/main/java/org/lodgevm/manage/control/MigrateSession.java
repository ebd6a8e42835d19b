package org.lodgevm.manage.control;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.manage.migration.TcpAddress;
import org.lodgevm.manage.migration.Tls;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.migration.MigrationException;
import org.lodgevm.vm.migration.MigrationLink;
import org.lodgevm.vm.migration.MigrationOptions;
import org.lodgevm.vm.migration.MigrationProgress;
import org.lodgevm.vm.migration.MigrationSource;

/** A client that moves the machine, and sees how far it is. When it goes away, the machine stays, unless it runs at the other place already. */
final class MigrateSession {
    private static final int MOST_MEBIBYTES = 1 << 20;
    private static final int MOST_MILLIS = 60 * 60 * 1000;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A target may have to read a large state, or wait for its disk. */
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(200);

    private final Wire wire;
    private final Machine machine;
    private final ControlServer server;
    private long reported;

    MigrateSession(Wire wire, Machine machine, ControlServer server) {
        this.wire = wire;
        this.machine = machine;
        this.server = server;
    }

    void run(Request request) throws IOException {
        TcpAddress address = TcpAddress.parse(request.text("to"));
        Optional<Tls> tls = tls(request);
        MigrationLink.Opener way = () -> address.connect(CONNECT, SILENCE, tls);
        MigrationSource migration = request.flag("recover")
                ? server.migration().orElseThrow(() -> new ControlException(Code.STATE, "the machine was not moved, so there is nothing to be recovered"))
                : begin(way, options(request));
        Thread.ofVirtual().name("migration client").start(() -> awaitLeaving(migration));
        try {
            if (request.flag("recover")) {
                migration.recover(way, this::report);
            } else {
                server.migration(migration);
                migration.run();
            }
            wire.send(Wire.object().set("ok", Wire.object()));
        } catch (MigrationException e) {
            throw new ControlException(Code.STATE, "machine was %s to %s: %s".formatted(
                    e.whereabouts() == MigrationException.Whereabouts.SPLIT ? "moved" : "not moved", address, e.getMessage()));
        }
    }

    private MigrationSource begin(MigrationLink.Opener way, MigrationOptions options) throws ControlException {
        if (server.migration().filter(MigrationSource::isUnsettled).isPresent()) {
            throw new ControlException(Code.STATE, "the last migration is not over, as the target was lost or needs memory from here; go on with that by --recover");
        }
        return undisturbed(server.home(), baggage -> machine.migration(way, baggage, options, this::report));
    }

    private static MigrationOptions options(Request request) throws ControlException {
        return new MigrationOptions(
                (long) request.number("mebibytesPerSecond", 0, MOST_MEBIBYTES) << 20,
                Duration.ofMillis(request.number("downtime", (int) MigrationOptions.DEFAULT.downtime().toMillis(), MOST_MILLIS)),
                !request.flag("whole"), request.flag("compress"), request.flag("postcopy"), !request.flag("unthrottled"), request.flag("storage"),
                request.number("connections", MigrationOptions.DEFAULT.connections(), MigrationOptions.MOST_CONNECTIONS), MigrationOptions.DEFAULT.patience());
    }

    /** What a connection is to be secured by. */
    static Optional<Tls> tls(Request request) throws ControlException {
        if (!request.has("tls")) {
            return Optional.empty();
        }
        Map<String, String> files = request.textsByName("tls");
        try {
            return Optional.of(Tls.of(new Tls.Material(
                    files.getOrDefault("certificate", ""), files.getOrDefault("key", ""), files.getOrDefault("authority", ""))));
        } catch (IOException e) {
            throw new ControlException(Code.STATE, e.getMessage());
        }
    }

    /** Begins a move of a machine whose disks stay where they are meanwhile. */
    static <T> T undisturbed(Home home, Function<byte[], T> beginning) throws ControlException {
        byte[] baggage = home.pack();
        T begun = beginning.apply(baggage);
        if (!Arrays.equals(baggage, home.pack())) {
            throw new ControlException(Code.STATE, "the machine is being forked; try again in a moment");
        }
        return begun;
    }

    /** The client says nothing more; what ends is its interest. */
    private void awaitLeaving(MigrationSource migration) {
        try {
            wire.receive();
        } catch (IOException gone) {
            // that is what was waited for
        }
        migration.cancel();
    }

    private void report(MigrationProgress progress) {
        long now = System.nanoTime();
        boolean last = !progress.downtime().isZero() && progress.remaining() == 0;
        if (!last && now - reported < BETWEEN_REPORTS.toNanos()) {
            return;
        }
        reported = now;
        try {
            wire.send(Wire.object().set("progress", Report.progress(progress)));
        } catch (IOException gone) {
            // so is the client, which is noticed elsewhere
        }
    }
}
