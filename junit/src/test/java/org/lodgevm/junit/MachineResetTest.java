package org.lodgevm.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.net.user.plan.PortForward;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineSnapshot;
import org.lodgevm.vm.guest.GuestCommand;

/** A Linux guest goes back to a snapshot in memory again and again, and finds everything as it was. */
@Timeout(600)
class MachineResetTest {
    private static final int RESETS = 100;
    /** By then the JVM has what it needs. */
    private static final int WARM = 30;
    /** How often all is looked at, which takes longer than to reset. */
    private static final int LOOK = 25;

    @TempDir
    Path folder;

    private Machine machine;
    private UserNetwork network;

    private Machine build() throws Exception {
        AtomicReference<GuestImage> guest = new AtomicReference<>();
        assumeThatCode(() -> guest.set(DebianGuest.of(DebianPackages.configured(), Architecture.AMD64)
                .withModules(List.of("virtio_pci", "virtio_console", "virtio_blk", "virtio_net")).prepare(Progress.SILENT))).doesNotThrowAnyException();
        Path disk = folder.resolve("disk.qcow2");
        Images.create(disk.toString(), "qcow2", 64 << 20, CreateOptions.none(), ReferencePolicy.REFUSE);
        network = UserNetwork.builder().forward(PortForward.parse("0:80")).start();
        return Machine.builder()
                .kernel(guest.get().kernel())
                .initrd(guest.get().initramfs())
                .append(guest.get().commandLine(true))
                .device(new DeviceSpec.Entropy())
                .device(new DeviceSpec.Agent())
                .device(new DeviceSpec.Disk(disk.toString(), "qcow2", false, ""))
                .network(DeviceSpec.Network.DEFAULT, network.link())
                .build();
    }

    private String shell(String script) throws IOException, InterruptedException {
        return machine.guest().exec("sh", "-c", script).orThrow().text().strip();
    }

    private String page() throws IOException {
        try (InputStream page = URI.create("http://127.0.0.1:%d/page".formatted(network.forwards().getFirst().host().getPort())).toURL().openStream()) {
            return new String(page.readAllBytes(), UTF_8).strip();
        }
    }

    private static long count(String folderOfProc) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(folderOfProc))) {
            return entries.count();
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }

    @Test
    void everythingIsAsItWasAndNothingGrows() throws Exception {
        try (Machine built = build()) {
            machine = built;
            machine.start();
            assertThat(machine.guest().await(Duration.ofMinutes(2))).isTrue();
            shell("mkdir -p /mnt /www; mke2fs -q /dev/vda && mount -t ext4 /dev/vda /mnt && echo before >/mnt/file; sync; echo before >/www/page; httpd -h /www");
            assertThat(page()).isEqualTo("before");
            double uptime = Double.parseDouble(shell("cut -d ' ' -f 1 /proc/uptime"));
            try (MachineSnapshot snapshot = machine.snapshot()) {
                long threads = 0;
                long descriptors = 0;
                long mappings = 0;
                for (int i = 0; i < RESETS; i++) {
                    if (i == WARM) {
                        threads = count("/proc/self/task");
                        descriptors = count("/proc/self/fd");
                        mappings = mappings();
                    }
                    if (i % LOOK != 0) {
                        shell("echo after >/mnt/file; sync; hostname after");
                        restore(snapshot);
                        continue;
                    }
                    changeEverything();
                    restore(snapshot);
                    assertThat(shell("cat /mnt/file /www/page; ls /mnt/new /tmp/new 2>/dev/null; cat /proc/sys/kernel/hostname")).isEqualTo("before\nbefore\nlodge");
                    assertThat(Double.parseDouble(shell("cut -d ' ' -f 1 /proc/uptime"))).isBetween(uptime, uptime + 30);
                    assertThat(page()).isEqualTo("before");
                    assertThat(shell("cat /sys/bus/acpi/devices/LODG0001:00/path /sys/firmware/acpi/interrupts/gpe05"))
                            .as("the event by which the guest learns of it").matches("(?s)\\\\_SB_.VGEN\\s+1 .*");
                }
                assertThat(count("/proc/self/task")).as("threads").isLessThanOrEqualTo(threads + 5);
                assertThat(count("/proc/self/fd")).as("file descriptors").isLessThanOrEqualTo(descriptors + 5);
                assertThat(mappings()).as("mappings").isLessThanOrEqualTo(mappings + 40);
            }
            assertThat(shell("umount /mnt && e2fsck -fn /dev/vda >/dev/null 2>&1; echo $?")).isIn("0", "127");
        } finally {
            if (network != null) {
                network.close();
            }
        }
    }

    private void changeEverything() throws IOException, InterruptedException {
        shell("echo after >/mnt/file; dd if=/dev/urandom of=/mnt/new bs=64k count=8 2>/dev/null; sync; echo after >/www/page; echo after >/tmp/new; hostname after");
        assertThat(page()).isEqualTo("after");
        machine.guest().start(GuestCommand.of("sh", "-c", "while :; do echo busy; done"));
        try (Socket left = new Socket("127.0.0.1", network.forwards().getFirst().host().getPort())) {
            left.getOutputStream().write("GET /".getBytes(UTF_8));
            left.getOutputStream().flush();
        }
    }

    private void restore(MachineSnapshot snapshot) {
        machine.pause();
        machine.restore(snapshot);
        network.reset();
        machine.resume();
    }
}
