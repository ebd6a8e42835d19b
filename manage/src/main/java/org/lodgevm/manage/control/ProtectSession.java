package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.manage.migration.TcpAddress;
import org.lodgevm.manage.migration.Tls;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.migration.MigrationException;
import org.lodgevm.vm.migration.Protection;
import org.lodgevm.vm.migration.ProtectionOptions;
import org.lodgevm.vm.migration.ProtectionProgress;

/** A client that has the machine protected, and sees how that goes. When it goes away, the machine is not protected any more, unless it wanted that to stay. */
final class ProtectSession {
    private static final int MOST_MILLIS = 60_000;
    /** A standby's process has to start first. */
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(200);

    private final Wire wire;
    private final Machine machine;
    private final ControlServer server;
    private Protection protection;
    private boolean stays;
    private long reported;

    ProtectSession(Wire wire, Machine machine, ControlServer server) {
        this.wire = wire;
        this.machine = machine;
        this.server = server;
    }

    void run(Request request) throws IOException {
        TcpAddress address = TcpAddress.parse(request.text("to"));
        ProtectionOptions usual = ProtectionOptions.DEFAULT;
        ProtectionOptions options = new ProtectionOptions(
                Duration.ofMillis(request.number("interval", (int) usual.interval().toMillis(), MOST_MILLIS)),
                Duration.ofMillis(request.number("silence", (int) usual.silence().toMillis(), MOST_MILLIS)),
                request.flag("compress"));
        stays = request.flag("stay");
        Optional<Tls> tls = MigrateSession.tls(request);
        protection = MigrateSession.undisturbed(server.home(),
                baggage -> machine.protection(() -> address.connect(options.patience(), ANSWER, tls, ProtectSession::giveUp), baggage, options, this::report));
        server.protect(protection);
        Thread.ofVirtual().name("protection client").start(this::awaitLeaving);
        try {
            protection.run();
            answer(Wire.object().set("ok", Report.status(server.machine())));
        } catch (MigrationException e) {
            throw new ControlException(Code.STATE, e.getMessage());
        } finally {
            server.unprotected(protection);
        }
    }

    /** What has not arrived when the link is given up never does. */
    private static void giveUp(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
    }

    /** The client says nothing more; what ends is its interest. */
    private void awaitLeaving() {
        try {
            wire.receive();
        } catch (IOException gone) {
            // that is what was waited for
        }
        if (!stays) {
            protection.stop();
        }
    }

    private void report(ProtectionProgress progress) {
        long now = System.nanoTime();
        boolean first = progress.checkpoint() == 1;
        if (!first && now - reported < BETWEEN_REPORTS.toNanos()) {
            return;
        }
        reported = now;
        answer(Wire.object().set("progress", Report.progress(progress)));
    }

    private void answer(ObjectNode message) {
        try {
            wire.send(message);
        } catch (IOException gone) {
            // so is the client, which is noticed elsewhere
        }
    }
}
