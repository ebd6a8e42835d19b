package org.lodgevm.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.lodgevm.cli.exit.Outcomes;
import org.lodgevm.cli.terminal.EscapeKey;
import org.lodgevm.cli.terminal.GuestOutput;
import org.lodgevm.cli.terminal.HostTerminal;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.machine.Confinement;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.gdb.GdbServer;

/** A guest that the user brings: its first serial port is our standard input and output, until it ends. */
final class KernelRun {
    private final MachineOptions options;
    private final OutputOptions output;
    private final DebugOptions debugging;
    private final StandardStreams streams;
    private final Optional<Confinement> confinement;

    KernelRun(MachineOptions options, OutputOptions output, DebugOptions debugging, StandardStreams streams, Optional<Confinement> confinement) {
        this.options = options;
        this.output = output;
        this.debugging = debugging;
        this.streams = streams;
        this.confinement = confinement;
    }

    int run() throws IOException, InterruptedException {
        StatusLine status = output.statusLine(streams);
        long started = System.nanoTime();
        AtomicReference<Machine> running = new AtomicReference<>();
        Runnable stop = () -> running.get().stop();
        try (TraceLog trace = output.openTrace(streams.err());
                OutputStream debugConsole = output.openDebugConsole(streams.err());
                HostTerminal terminal = streams.inputIsTerminal() ? HostTerminal.takeOver(streams.in()) : null) {
            InputStream input = terminal == null ? streams.in() : new EscapeKey(terminal.keyboard(), stop);
            OutputStream console = new GuestOutput(streams.out(), status, () -> Thread.ofVirtual().start(stop));
            Consumer<String> log = output.verbose() ? status::note : _ -> {};
            var builder = Machine.builder()
                    .console(input, console)
                    .debugConsole(debugConsole)
                    .trace(trace.trace())
                    .log(log);
            options.describeGuest(builder);
            options.describe(builder);
            try (UserNetwork _ = options.connect(builder, false, status::note);
                    Machine machine = builder.build();
                    GdbServer _ = debugging.open(machine, status::note)) {
                running.set(machine);
                if (terminal != null && !output.quiet()) {
                    status.note("Ctrl-] leaves the guest");
                }
                options.confine(confinement, machine, List.of(), log);
                debugging.start(machine);
                Outcome outcome = machine.await();
                output.tellStatistics(machine, started, streams.err());
                return Outcomes.tell(outcome, streams.err());
            }
        }
    }
}
