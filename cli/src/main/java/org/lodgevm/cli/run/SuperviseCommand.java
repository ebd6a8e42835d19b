package org.lodgevm.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.exit.Outcomes;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.Progress;
import org.lodgevm.machine.Confinement;
import org.lodgevm.manage.BoundedLog;
import org.lodgevm.manage.EndRecord;
import org.lodgevm.manage.MachineFile;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.manage.RunLock;
import org.lodgevm.manage.control.ControlServer;
import org.lodgevm.manage.control.PowerSwitch;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge supervise}: what a machine's own process is started with. Users have {@code lodge start}. */
@Command(name = "supervise", hidden = true, description = "Runs a machine in this process until it ends.", mixinStandardHelpOptions = true)
public final class SuperviseCommand implements Callable<Integer> {
    /** What it says on standard output when the machine runs. */
    public static final String READY = "ready";

    /** What it says there, before its exit status, when there will be no machine. */
    public static final String FAILED = "failed ";

    public static final String AWAIT = "--await";

    /** The line for which it waits then. */
    public static final String GO = "go";

    public static final String RESTORE = "--restore";
    public static final String FORK = "--fork";

    /** How long a guest may take to shut down when this process is told to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A guest that has moved has found its pace at the target by then. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final StandardStreams streams;
    private final Optional<Confinement> confinement;

    @Parameters(paramLabel = "NAME", description = "The machine.")
    private String name;

    @Option(names = AWAIT, description = "Begin when standard input says so; not at all if it ends before.")
    private boolean await;

    @Option(names = RESTORE, paramLabel = "FILE", description = "Go on from this snapshot instead of booting.")
    private Path snapshot;

    @Option(names = FORK, paramLabel = "FILE", description = "Go on as a copy of the machine that this describes.")
    private Path original;

    private Machine machine;
    private boolean ready;

    /** @param confinement of this process */
    public SuperviseCommand(StandardStreams streams, Optional<Confinement> confinement) {
        this.streams = streams;
        this.confinement = confinement;
    }

    @Override
    public Integer call() throws Exception {
        try {
            return await && !GO.equals(order()) ? ExitStatus.OK : supervise();
        } catch (Exception e) {
            if (!ready) {
                say(FAILED + Failure.of(e).status());
            }
            throw e;
        }
    }

    private String order() throws IOException {
        return new BufferedReader(new InputStreamReader(streams.in(), UTF_8)).readLine();
    }

    private int supervise() throws Exception {
        MachineFolder folder = MachineStore.ofUser().find(name);
        CountDownLatch recorded = new CountDownLatch(1);
        try (RunLock _ = folder.lock()) {
            Path socket = folder.begin();
            try (ControlServer control = new ControlServer(socket, folder)) {
                EndRecord end = run(folder, control, recorded);
                folder.end(end);
                return end.status();
            } catch (Exception e) {
                Failure failure = Failure.of(e);
                folder.end(record(failure.status(), failure.getMessage()));
                throw e;
            }
        } finally {
            recorded.countDown();
            if (machine != null) {
                giveBack(machine);
            }
        }
    }

    private EndRecord run(MachineFolder folder, ControlServer control, CountDownLatch recorded)
            throws IOException, InterruptedException, SnapshotException {
        MachineFile file = folder.definition();
        NamedGuest guest = NamedGuest.of(folder);
        try (OutputStream console = new BoundedLog(folder.consoleLog());
                PrintStream log = new PrintStream(new BoundedLog(folder.lodgeLog()), true, UTF_8)) {
            Consumer<String> say = line -> log.println("lodge: " + line);
            MachineBuilder builder = Machine.builder().name(name).uuid(file.uuid()).serial(0, null, console).log(say);
            guest.describe(builder, Progress.SILENT);
            if (snapshot != null) {
                builder.restore(SnapshotFile.open(snapshot));
            } else if (original != null) {
                builder.restore(SnapshotFile.openReference(original));
            }
            try (UserNetwork network = guest.connect(builder, say)) {
                machine = builder.build();
                try {
                    guest.confine(confinement, machine, List.of(folder.path()), say);
                    machine.start();
                    control.machine(machine, NetworkOptions.published(network));
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(machine, recorded), "end"));
                    ready = true;
                    say(READY);
                    Outcome outcome = machine.await();
                    return record(Outcomes.tell(outcome, log), PowerSwitch.describe(outcome));
                } finally {
                    machine.stop(); // before what it is connected to
                }
            }
        }
    }

    /**
     * Closes a machine that has ended, and of which nobody waits for anything any more. After a move that is done a moment later: for each GiB of memory the host's kernel works
     * for 170 ms, on a CPU that the guest may need at its new place, if that is on the same host.
     */
    static void giveBack(Machine machine) throws InterruptedException {
        if (machine.await(Duration.ZERO).orElse(null) instanceof Outcome.Migrated) {
            Thread.sleep(SETTLED);
        }
        machine.close();
    }

    private void say(String line) throws IOException {
        streams.out().write((line + "\n").getBytes(UTF_8));
    }

    static EndRecord record(int status, String reason) {
        return new EndRecord(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), status, reason);
    }

    /** This process was told to end, by the system's shutdown for instance: so is the guest. */
    static void end(Machine machine, CountDownLatch recorded) {
        try {
            PowerSwitch.powerDown(machine, PATIENCE);
            recorded.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            // its power is cut with this process
        } catch (IllegalStateException e) {
            // its guest runs elsewhere
        }
    }
}
