package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.gdb.GdbServer;
import picocli.CommandLine.Option;

/** The options by which a guest is debugged from outside. */
final class DebugOptions {
    private static final int LARGEST_PORT = 0xffff;

    @Option(
            names = "--gdb",
            paramLabel = "PORT|SOCKET",
            description = "Wait for GDB there: a port of this host's loopback address, or a Unix socket's path.")
    private String place;

    @Option(names = {"-S", "--stopped"}, description = "With --gdb: do not run the guest before GDB says so.")
    private boolean stopped;

    void check() {
        if (stopped && place == null) {
            throw new Failure(ExitStatus.USAGE, "--stopped waits for a debugger; add --gdb PORT");
        }
    }

    /** Starts to wait for GDB, if it is wanted. @return what is to be closed before the machine, or null */
    GdbServer open(Machine machine, Consumer<String> note) throws IOException {
        if (place == null) {
            return null;
        }
        GdbServer server = place.matches("\\d+")
                ? GdbServer.onPort(machine.debugger(), port(place))
                : GdbServer.onSocket(machine.debugger(), Path.of(place));
        note.accept("gdb -ex 'target remote %s'".formatted(place.matches("\\d+") ? "localhost:" + place : place));
        return server;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= LARGEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // too many digits
        }
        throw new Failure(ExitStatus.USAGE, "--gdb %s is no port; choose one from 1 to %d".formatted(text, LARGEST_PORT));
    }

    void start(Machine machine) {
        if (stopped) {
            machine.startPaused();
        } else {
            machine.start();
        }
    }
}
