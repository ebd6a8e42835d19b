package org.lodgevm.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Outcomes;
import org.lodgevm.cli.terminal.EscapeKey;
import org.lodgevm.cli.terminal.GuestOutput;
import org.lodgevm.cli.terminal.HostTerminal;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.image.guest.GuestTranslations;
import org.lodgevm.image.session.ConsoleProtocol;
import org.lodgevm.image.session.RunPlan;
import org.lodgevm.image.session.Window;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Confinement;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.MachineException;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.RebootAction;
import org.lodgevm.vm.gdb.GdbServer;

/**
 * A shell or a command in Lodge's own guest. When our standard input and output are a terminal, so are the command's; otherwise
 * it has three pipes, which are ours.
 */
final class SessionRun {
    /** Serial port of the kernel's log. */
    private static final int LOG = 0;

    /** What Linux says when it gives up. */
    private static final String PANIC = "Kernel panic - not syncing: ";

    /** How much of the kernel's log tells why a guest went away. */
    private static final int LAST_LINES = 12;

    private final MachineOptions options;
    private final ImageOptions image;
    private final OutputOptions output;
    private final DebugOptions debugging;
    private final StandardStreams streams;
    private final Optional<Confinement> confinement;
    private final StatusLine status;

    SessionRun(MachineOptions options, ImageOptions image, OutputOptions output, DebugOptions debugging, StandardStreams streams, Optional<Confinement> confinement) {
        this.options = options;
        this.image = image;
        this.output = output;
        this.debugging = debugging;
        this.streams = streams;
        this.confinement = confinement;
        this.status = output.statusLine(streams);
    }

    /** @param name of the image to run, or null for Lodge's own guest */
    int run(String name, List<String> command) throws IOException, InterruptedException {
        try (Booted booted = name == null ? own() : image.open(name, output.verbose(), options.seeded(), status)) {
            return run(booted, command);
        }
    }

    private Booted own() throws IOException, InterruptedException {
        GuestImage guest = image.prepare(options.drivers(), status);
        return Booted.own(guest, options.hasTranslations() ? Optional.empty() : translations(guest), output.verbose());
    }

    /** Of an earlier run of the same kernel: if there was none, it takes place now. */
    private Optional<Path> translations(GuestImage guest) throws IOException, InterruptedException {
        Accelerator accelerator = options.accelerator(this::note);
        String id = accelerator.translationsId(options.cpus());
        if (id == null) {
            return Optional.empty();
        }
        GuestTranslations translations = image.translations(guest, id);
        Optional<Path> known = translations.find();
        if (known.isPresent()) {
            return known;
        }
        status.showElapsed("learning how Linux starts, once");
        try {
            return translations.make(file -> new LearningRun(guest, accelerator, options.cpus()).record(file, LearningRun.LIMIT));
        } catch (IOException | ImageException | MachineException e) {
            status.note("nothing was learnt of how Linux starts: " + e.getMessage());
            return Optional.empty();
        }
    }

    private int run(Booted booted, List<String> command) throws IOException, InterruptedException {
        boolean interactive = streams.inputIsTerminal() && streams.outputIsTerminal();
        status.clear();
        if (interactive && !output.quiet()) {
            status.note("Ctrl-] leaves the guest");
        }
        try (TraceLog trace = output.openTrace(streams.err());
                OutputStream debugConsole = output.openDebugConsole(streams.err());
                HostTerminal terminal = interactive ? HostTerminal.takeOver(streams.in()) : null) {
            RunPlan plan = RunPlan.command((command.isEmpty() ? booted.shell() : command).toArray(String[]::new));
            if (options.seeded()) {
                plan = plan.afterCloudInit();
            }
            if (terminal != null) {
                plan = plan.onTerminal(terminal.size()).with("TERM", System.getenv().getOrDefault("TERM", "vt100"));
            }
            MachineBuilder builder = Machine.builder()
                    .debugConsole(debugConsole)
                    .trace(trace.trace())
                    .log(this::note)
                    .alert(status::note);
            booted.describe(builder, plan, options.hasNetwork(booted.disk().isPresent()));
            options.mountVolumes(builder);
            options.describe(builder);
            if (!(interactive && command.isEmpty())) {
                builder.rebootAction(RebootAction.EXIT); // a fresh guest for one command ends with it
            }
            return run(booted, builder, plan, terminal);
        } finally {
            status.end();
        }
    }

    private void note(String line) {
        if (output.verbose()) {
            status.note(line);
        }
    }

    private int run(Booted booted, MachineBuilder builder, RunPlan plan, HostTerminal terminal) throws IOException, InterruptedException {
        SessionPorts ports = new SessionPorts(builder);
        OutputStream out = new GuestOutput(streams.out(), status, () -> {});
        OutputStream err = new GuestOutput(streams.err(), status, () -> {});
        builder.serial(LOG, null, output.verbose() ? err : OutputStream.nullOutputStream());
        long started = System.nanoTime();
        try (UserNetwork _ = options.connect(builder, booted.disk().isPresent(), status::note);
                Machine machine = builder.build();
                GdbServer _ = debugging.open(machine, status::note)) {
            ConsoleProtocol protocol = ports.protocol(machine, plan);
            if (terminal != null) {
                terminal.onResize(window -> resize(protocol, window));
            }
            options.confine(confinement, machine, booted.writable(), this::note);
            status.showElapsed("booting Linux");
            debugging.start(machine);
            InputStream in = terminal == null ? streams.in() : typed(new EscapeKey(terminal.keyboard(), machine::stop));
            OptionalInt exit = protocol.run(in, out, err);
            if (exit.isPresent() && booted.shutsDown()) {
                machine.await();
            }
            status.end();
            output.tellStatistics(machine, started, streams.err());
            return exit.isPresent() ? exit.getAsInt() : explain(machine.await(), machine);
        }
    }

    /** What is typed, read from now on and not when the guest wants it: it can be left while it starts, too. */
    private static InputStream typed(EscapeKey keyboard) {
        Pipe pipe = new Pipe();
        Thread.ofPlatform().daemon().name("keyboard").start(() -> {
            try {
                keyboard.transferTo(pipe.entry);
            } catch (IOException e) {
                // the terminal is gone: no more keys
            } finally {
                pipe.end();
            }
        });
        return pipe.exit;
    }

    private static void resize(ConsoleProtocol protocol, Window window) {
        try {
            protocol.resize(window.rows(), window.columns());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String panic(String line) {
        return "panicked (%s)".formatted(line.substring(line.indexOf(PANIC) + PANIC.length()));
    }

    /** The guest ended and its command did not. */
    private int explain(Outcome outcome, Machine machine) {
        if (outcome instanceof Outcome.Rebooted) {
            List<String> log = machine.serial(LOG).text().lines().toList();
            log.subList(Math.max(0, log.size() - LAST_LINES), log.size()).forEach(streams.err()::println);
            String why = log.stream().filter(line -> line.contains(PANIC)).findFirst().map(SessionRun::panic).orElse("restarted");
            streams.err().println("lodge: the guest %s before its command had ended; above is the end of its kernel's log".formatted(why));
            return ExitStatus.CRASHED;
        }
        return Outcomes.tell(outcome, streams.err());
    }
}
