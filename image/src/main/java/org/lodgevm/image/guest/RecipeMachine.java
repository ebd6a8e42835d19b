package org.lodgevm.image.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.seed.Seed;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineSpec;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.RebootAction;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.guest.GuestResult;

/** The machine in which a recipe is followed. Lodge's agent tells when, and what came of it. */
final class RecipeMachine {
    private static final long MEMORY = 2L << 30;
    private static final int CPUS = 2;
    /** A system that has not come so far will not. */
    private static final Duration BOOT = Duration.ofMinutes(10);

    private static final Duration SHUTDOWN = Duration.ofMinutes(5);

    private final StoredImage base;
    private final Path disk;
    private final Seed seed;
    private final OutputStream console;

    RecipeMachine(StoredImage base, Path disk, Seed seed, OutputStream console) {
        this.base = base;
        this.disk = disk;
        this.seed = seed;
        this.console = console;
    }

    /** @return the packages that there are in the end */
    List<String> run(Consumer<MachineSpec> confinement, String name, Progress progress) throws IOException {
        BuildLog log = new BuildLog(console, "building " + name, progress);
        try (UserNetwork network = UserNetwork.builder().start();
                Machine machine = Machine.builder()
                        .name("builder")
                        .kernel(base.kernel())
                        .initrd(base.initramfs())
                        .append(base.commandLine(false, true))
                        .cpus(Math.min(CPUS, Runtime.getRuntime().availableProcessors()))
                        .memory(MEMORY)
                        .rebootAction(RebootAction.EXIT)
                        .console(null, log)
                        .device(DeviceSpec.Disk.draft(disk.toString(), StoredImage.FORMAT, "root"))
                        .device(seed.disk())
                        .device(new DeviceSpec.Entropy())
                        .device(new DeviceSpec.Agent())
                        .network(DeviceSpec.Network.DEFAULT, network.link())
                        .build()) {
            confinement.accept(machine.spec());
            machine.start();
            return follow(machine, name, log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("Building " + name + " was interrupted", e);
        }
    }

    private List<String> follow(Machine machine, String name, BuildLog log) throws InterruptedException {
        try {
            Guest guest = machine.guest();
            if (!guest.await(BOOT)) {
                throw failed(name, "Lodge's agent does not answer in its machine", log);
            }
            GuestResult result = guest.exec("cloud-init", "status", "--wait", "--long");
            if (seed.isCloudConfig()) {
                GuestResult judgement = guest.exec("cloud-init", "schema", "--system");
                if (judgement.status() != 0) {
                    throw failed(name, "the recipe is no valid cloud-config: " + judgement.text() + judgement.errors(), log);
                }
            }
            if (result.status() != 0) {
                throw failed(name, "cloud-init says '%s'".formatted(result.text().lines().reduce("", (before, line) -> line).strip()), log);
            }
            List<String> packages = guest.exec("sh", "-c", script()).orThrow().text().lines().toList();
            guest.powerOff();
            Optional<Outcome> outcome = machine.await(SHUTDOWN);
            if (outcome.filter(Outcome.PoweredOff.class::isInstance).isEmpty()) {
                throw failed(name, "its machine did not shut down", log);
            }
            return packages;
        } catch (IOException e) {
            throw failed(name, e.getMessage(), log);
        }
    }

    private static String script() throws IOException {
        try (InputStream script = RecipeMachine.class.getResourceAsStream("finish")) {
            return new String(script.readAllBytes(), UTF_8);
        }
    }

    private static ImageException failed(String name, String why, BuildLog log) {
        return new ImageException("Building %s failed: %s. The machine's last words were:%n%s".formatted(name, why, log.tail()));
    }

    /** Shows what the machine writes to its console, where cloud-init tells what it does. */
    static final class BuildLog extends ConsoleLines {
        private final OutputStream copy;
        private final String what;
        private final Progress progress;

        BuildLog(OutputStream copy, String what, Progress progress) {
            this.copy = copy;
            this.what = what;
            this.progress = progress;
        }

        @Override
        boolean read(String text) {
            try {
                copy.write((text + "\n").getBytes(UTF_8));
                copy.flush();
            } catch (IOException e) {
                // nobody looks any more
            }
            if (!text.isEmpty()) {
                progress.advance(what + ": " + text, 0, Progress.UNKNOWN);
            }
            return text.isEmpty();
        }
    }
}
