package org.lodgevm.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.exit.Outcomes;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.Progress;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.machine.Confinement;
import org.lodgevm.manage.Adoption;
import org.lodgevm.manage.Baggage;
import org.lodgevm.manage.BoundedLog;
import org.lodgevm.manage.EndRecord;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.manage.ManageException;
import org.lodgevm.manage.RunLock;
import org.lodgevm.manage.control.ControlServer;
import org.lodgevm.manage.control.PowerSwitch;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.migration.Hello;
import org.lodgevm.vm.migration.MigrationLink;
import org.lodgevm.vm.migration.MigrationTarget;
import org.lodgevm.vm.migration.ProtectedMachine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lodge receive}: what {@code lodge serve-migration} starts for each connection, with the connection as its standard streams. */
@Command(name = "receive", hidden = true, description = "Receives a machine, or stands by for one, and runs it in this process until it ends.", mixinStandardHelpOptions = true)
public final class ReceiveCommand implements Callable<Integer> {
    private final StandardStreams streams;
    private final Optional<Confinement> confinement;
    private final MachineStore store = MachineStore.ofUser();
    private final CountDownLatch recorded = new CountDownLatch(1);

    @Option(names = "--overcommit", description = "Take a machine that has more memory than there is left.")
    private boolean overcommit;

    /** What the machine has at this host, in the order in which it is got; null until it is. */
    private Adoption adoption;
    private MachineFolder folder;
    private RunLock lock;
    private boolean taken;
    private ControlServer control;
    private OutputStream console;
    private PrintStream log;
    private UserNetwork network;
    private Machine machine;

    /** @param confinement of this process */
    public ReceiveCommand(StandardStreams streams, Optional<Confinement> confinement) {
        this.streams = streams;
        this.confinement = confinement;
    }

    @Override
    public Integer call() throws Exception {
        MigrationLink link = MigrationLink.of(streams.in(), streams.out());
        try {
            MigrationTarget target = new MigrationTarget(link, this::decide);
            if (!target.run(hello -> build(hello, target))) {
                return ExitStatus.OK;
            }
            taken = true;
            if (target.rest().isPresent()) {
                control.rest(target.rest().get());
            } else {
                link.close();
            }
            return supervise();
        } catch (IOException | RuntimeException e) {
            if (control != null) {
                folder.end(SuperviseCommand.record(ExitStatus.HOST, "it was not moved here: " + e.getMessage()));
            }
            throw e;
        } finally {
            if (adoption != null && !taken) {
                adoption.undo();
            }
            close();
            recorded.countDown();
        }
    }

    private ProtectedMachine build(Hello hello, MigrationTarget target) throws IOException {
        try {
            Baggage baggage = MachineFolder.unpack(hello.definition());
            boolean copied = !hello.disks().isEmpty();
            if (!copied && (baggage.file().image() != null || !baggage.file().overlays().isEmpty())) {
                throw new IOException("machine '%s' has disks in its folder, to which the target has no access; have them copied along: lodge migrate --copy-storage".formatted(baggage.name()));
            }
            requireImage(baggage);
            adoption = store.adopt(copied ? baggage.withDisks() : baggage);
            folder = adoption.folder();
            lock = folder.lock();
            control = new ControlServer(folder.begin(), folder);
            control.arriving(target::progress);
            console = new BoundedLog(folder.consoleLog());
            log = new PrintStream(new BoundedLog(folder.lodgeLog()), true, UTF_8);
            NamedGuest guest = NamedGuest.of(folder, adoption.coming());
            MachineBuilder builder = Machine.builder().name(folder.name()).uuid(baggage.file().uuid()).serial(0, null, console)
                    .log(this::say).incoming();
            if (copied) {
                copyDisks(guest, builder.incomingWithDisks(), hello);
            } else {
                guest.describe(builder, Progress.SILENT);
            }
            if (!overcommit) {
                new AvailableMemory(Path.of("/")).require(folder.name(), builder.spec().memory());
            }
            network = guest.connect(builder, this::say);
            machine = builder.build();
            guest.confine(confinement, machine, places(), this::say);
            return machine.arriving();
        } catch (RuntimeException e) {
            throw new IOException(Failure.of(e).getMessage(), e);
        }
    }

    /** What a machine boots that was made from an image does not come along. */
    private static void requireImage(Baggage baggage) throws IOException {
        String image = baggage.file().image();
        if (image != null && ImageStore.ofUser().find(image).isEmpty()) {
            throw new IOException("machine '%s' boots the kernel of the image %s, which the target lacks; copy that folder of the source's cache to %s at the target".formatted(
                    baggage.name(), image, ImageStore.ofUser().place(image)));
        }
    }

    private void copyDisks(NamedGuest guest, MachineBuilder builder, Hello hello) throws IOException {
        ArrivingDisks disks = new ArrivingDisks(adoption, hello.disks());
        guest.describe(builder, Progress.SILENT, disks::place);
        guest.image().ifPresent(image -> disks.images().forEach(image::need)); // before this process is confined
    }

    private boolean decide(UUID migration, boolean take) throws IOException {
        if (take) {
            adoption.keep();
        }
        return store.decisions().decide(migration, take);
    }


    private void say(String line) {
        log.println("lodge: " + line);
    }

    /** What is opened later: the decision's file, and disks when the source has let go of them. */
    private List<Path> places() throws IOException {
        List<Path> places = new ArrayList<>(List.of(folder.path(), Files.createDirectories(store.decisionFolder())));
        for (DeviceSpec device : machine.spec().devices()) {
            if (device instanceof DeviceSpec.Disk disk) {
                places.add(Path.of(disk.image()));
            }
        }
        return places;
    }

    private int supervise() throws IOException, InterruptedException {
        control.machine(machine, NetworkOptions.published(network));
        try {
            folder.removeOldDisks();
        } catch (ManageException e) {
            say(e.getMessage());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> SuperviseCommand.end(machine, recorded), "end"));
        Outcome outcome = machine.await();
        EndRecord end = SuperviseCommand.record(Outcomes.tell(outcome, log), PowerSwitch.describe(outcome));
        folder.end(end);
        return end.status();
    }

    private void close() throws IOException, InterruptedException {
        if (machine != null) {
            machine.stop();
        }
        if (network != null) {
            network.close();
        }
        if (console != null) {
            console.close();
            log.close();
        }
        if (control != null) {
            control.close();
        }
        if (lock != null) {
            lock.close();
        }
        if (machine != null) {
            SuperviseCommand.giveBack(machine);
        }
    }
}
