package org.lodgevm.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.net.Link;
import org.lodgevm.net.bridge.VirtualSwitch;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.snapshot.SnapshotFile;

/** A Linux guest that is elsewhere than it was tells the others on its network. */
@Timeout(300)
class AnnouncementTest {
    private static final String RARP = "ffffffffffff" + "525400123456" + "8035";
    /** Asks for 10.0.0.2 from there, as nobody else does. @rfc 5227 3 */
    private static final String GRATUITOUS_ARP = "ffffffffffff" + "525400123456" + "0806" + "0001080006040001" + "525400123456" + "0a000002" + "000000000000" + "0a000002";
    /** To all nodes: the address fe80::5054:ff:fe12:3456 is at this card. @rfc 4861 7.2.6 */
    private static final String UNSOLICITED_ADVERTISEMENT = "333300000001" + "525400123456" + "86dd.*" + "8800....20000000" + "fe80000000000000505400fffe123456" + "0201525400123456";

    /** Ends when nobody has objected to the IPv6 address. */
    private static final String CONFIGURATION = """
            ip addr add 10.0.0.2/24 dev eth0; ip link set eth0 up
            until ip -6 addr show dev eth0 | grep fe80 | grep -qv tentative; do usleep 100000; done
            """;

    @TempDir
    Path folder;

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    private MachineBuilder builder(VirtualSwitch network) {
        AtomicReference<GuestImage> guest = new AtomicReference<>();
        assumeThatCode(() -> guest.set(DebianGuest.of(DebianPackages.configured(), Architecture.AMD64)
                .withModules(List.of("virtio_pci", "virtio_console", "virtio_net")).prepare(Progress.SILENT))).doesNotThrowAnyException();
        return Machine.builder()
                .kernel(guest.get().kernel())
                .initrd(guest.get().initramfs())
                .append(guest.get().commandLine(true))
                .device(new DeviceSpec.Agent())
                .network(DeviceSpec.Network.DEFAULT, network.port());
    }

    /** A switch, and somebody who sees what all see. */
    private VirtualSwitch watched() {
        VirtualSwitch made = new VirtualSwitch();
        Link other = made.port();
        other.connect(frame -> {
            ByteBuffer bytes = frame.bytes().duplicate();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return frames.add(HexFormat.of().formatHex(copy));
        });
        return made;
    }

    private void awaitAll(String... patterns) throws InterruptedException {
        List<String> missing = new ArrayList<>(List.of(patterns));
        while (!missing.isEmpty()) {
            String frame = frames.poll(1, TimeUnit.MINUTES);
            assertThat(frame).as("nobody has seen %s", missing).isNotNull();
            missing.removeIf(pattern -> frame.matches(pattern + ".*"));
        }
    }

    @Test
    void neighboursLearnWhereItIs() throws Exception {
        Path saved = folder.resolve("saved.snapshot");
        try (VirtualSwitch network = watched(); Machine machine = builder(network).build()) {
            machine.start();
            assertThat(machine.guest().await(Duration.ofMinutes(2))).isTrue();
            machine.guest().exec("sh", "-c", CONFIGURATION).orThrow();
            machine.snapshot(saved);
            assertThat(frames).as("who has not moved says nothing").noneMatch(frame -> frame.startsWith(RARP));
            machine.announce();
            awaitAll(RARP, GRATUITOUS_ARP, UNSOLICITED_ADVERTISEMENT);
        }
        frames.clear();
        try (VirtualSwitch network = watched(); Machine machine = builder(network).restore(SnapshotFile.open(saved)).build()) {
            machine.start();
            awaitAll(RARP, GRATUITOUS_ARP, UNSOLICITED_ADVERTISEMENT);
        }
    }
}
