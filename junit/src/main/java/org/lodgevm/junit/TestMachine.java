package org.lodgevm.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.image.session.Volume;
import org.lodgevm.image.session.Volumes;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.user.plan.PortForward;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.MachineSnapshot;
import org.lodgevm.vm.guest.GuestCommand;
import org.lodgevm.vm.guest.GuestProcess;
import org.lodgevm.vm.guest.GuestShell;

/** A machine that has booted, as a test has it. {@code exec} and {@code files} are inherited. */
public final class TestMachine implements GuestShell, AutoCloseable {
    private static final List<String> DRIVERS = List.of("virtio_pci", "virtio_console");

    private volatile Machine machine;
    /** Null where there is none. */
    private volatile UserNetwork network;
    /** What {@link #restore} goes back to, or null. */
    private volatile MachineSnapshot kept;

    private TestMachine(Machine machine, UserNetwork network) {
        this.machine = machine;
        this.network = network;
    }

    /** Boots a machine. On return its agent answers. */
    static TestMachine boot(String name, Lodge description) throws IOException, InterruptedException {
        GuestImage guest = DebianGuest.of(DebianPackages.configured(), Architecture.AMD64).withModules(modules(description)).prepare(Progress.SILENT);
        MachineBuilder builder = Machine.builder()
                .name(name)
                .kernel(guest.kernel())
                .initrd(guest.initramfs())
                .append(guest.commandLine(true))
                .append(description.append())
                .memory((long) description.memory() << 20)
                .cpus(description.cpus())
                .device(new DeviceSpec.Entropy())
                .device(new DeviceSpec.Agent());
        Volumes volumes = volumes(description);
        volumes.mount(builder);
        volumes.attach(builder);
        UserNetwork network = description.publish().length == 0 ? null : connect(description.publish());
        if (network != null) {
            builder.network(DeviceSpec.Network.DEFAULT, network.link());
        }
        try {
            TestMachine made = new TestMachine(builder.build(), network);
            made.start(Duration.ofSeconds(description.bootTimeout()));
            return made;
        } catch (RuntimeException e) {
            if (network != null) {
                network.close();
            }
            throw e;
        }
    }

    private static Volumes volumes(Lodge description) {
        return new Volumes(Arrays.stream(description.volumes()).map(Volume::parse).toList());
    }

    private static List<String> modules(Lodge description) {
        List<String> modules = new ArrayList<>(DRIVERS);
        if (description.publish().length > 0) {
            modules.add("virtio_net");
        }
        modules.addAll(volumes(description).drivers());
        modules.addAll(List.of(description.modules()));
        return modules;
    }

    private static UserNetwork connect(int... ports) throws IOException {
        return connect(Arrays.stream(ports).mapToObj(port -> PortForward.parse("0:" + port)).toList());
    }

    private static UserNetwork connect(List<PortForward> forwards) throws IOException {
        UserNetwork.Builder network = UserNetwork.builder();
        forwards.forEach(network::forward);
        return network.start();
    }

    private void start(Duration timeout) throws InterruptedException {
        machine.start();
        if (!machine.guest().await(timeout)) {
            String console = console();
            close();
            throw new IllegalStateException("the guest did not boot within %d s; its console:%n%s".formatted(timeout.toSeconds(), console));
        }
    }

    /** The machine itself: its console, its power button, its memory. */
    public Machine machine() {
        return machine;
    }

    /** What the guest wrote to its console so far: the kernel's log, above all. */
    public String console() {
        return machine.console().text();
    }

    /** The port of this host, on its loopback address, that leads to a port of the guest. */
    public int port(int guestPort) {
        List<PortForward> forwards = network == null ? List.of() : network.forwards();
        return forwards.stream()
                .filter(forward -> forward.guestPort() == guestPort)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("port %d of the guest leads nowhere; add it to @Lodge(publish = ...)".formatted(guestPort)))
                .host()
                .getPort();
    }

    @Override
    public GuestProcess start(GuestCommand command) throws IOException, InterruptedException {
        return machine.guest().start(command);
    }

    // ---- back to what it was --------------------------------------------------------------------------------------------

    boolean isKept() {
        return kept != null;
    }

    /** Keeps what the machine is now, for {@link #restore}. No command runs in it. */
    public void keep() {
        MachineSnapshot before = kept;
        kept = machine.snapshot();
        if (before != null) {
            before.close();
        }
    }

    /**
     * The machine is again what it was when it was {@link #keep kept}, even if it has ended since: memory, files, processes, connections. Folders of the host
     * stay as they are.
     *
     * @throws IOException if its network cannot be had again
     * @throws IllegalStateException if it was never kept
     */
    public void restore() throws IOException {
        if (kept == null) {
            throw new IllegalStateException("the machine was not kept");
        }
        machine.pause();
        if (machine.state() == Machine.State.ENDED) {
            replace();
        } else {
            machine.restore(kept);
            if (network != null) {
                network.reset();
            }
        }
        machine.resume();
    }

    /** By a copy of what it was, which stands still. */
    private void replace() throws IOException {
        MachineBuilder copy = kept.copy();
        if (network != null) {
            network.close();
            network = connect(network.forwards());
            copy.link(0, network.link());
        }
        try (Machine ended = machine) {
            machine = copy.build();
            machine.startPaused();
            kept = machine.snapshot();
        }
    }

    /** Ends it as if its power were cut. */
    @Override
    public void close() {
        machine.close();
        if (network != null) {
            network.close();
        }
    }

    /** For a supplier that may not throw. */
    static TestMachine bootUnchecked(String name, Lodge description) {
        try {
            return boot(name, description);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a machine was booting", e);
        }
    }
}
