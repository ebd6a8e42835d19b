package org.lodgevm.devices.virtio.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.Eventually;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.devices.chipset.pci.ConfigPorts;
import org.lodgevm.devices.chipset.pci.MessageSink;
import org.lodgevm.devices.chipset.pci.PciBus;
import org.lodgevm.devices.virtio.DriverMemory;
import org.lodgevm.devices.virtio.rng.Entropy;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Doorbell;
import org.lodgevm.machine.IrqLine;

/** A driver that finds its way from configuration space, as in the specification's chapter. @virtio 4.1 */
class VirtioPciTest {
    private static final int SLOT = 5;
    private static final long STRUCTURES = 0x40_0000_0000L;
    private static final long MSIX = 0xc000_0000L;
    private static final long RING = 0x1_0000;
    private static final long AVAILABLE = 0x2_0000;
    private static final long USED = 0x3_0000;

    private final DriverMemory memory = new DriverMemory();
    private final Bus bus = new Bus(memory.memory);
    private final Wire wire = new Wire();
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final PciBus pci = new PciBus(bus, new PciBus.Wiring() {
        @Override
        public IrqLine pin(int slot, int pin) {
            return wire;
        }

        @Override
        public MessageSink messages() {
            return (address, data) -> messages.add("%x=%x".formatted(address, data));
        }
    });
    private final VirtioPci device = new VirtioPci(pci, SLOT, "rng", driver -> new Entropy(), memory.memory, log::add);
    /** By cfg_type, where its capability is. */
    private final Map<Integer, Integer> capabilities = new TreeMap<>();

    private long common;
    private long isr;
    private long notify;

    @BeforeEach
    void find() {
        bus.mapPorts(0xcf8, ConfigPorts.SIZE, new ConfigPorts(pci));
        for (int at = config(0x34, 1); at != 0; at = config(at + 1, 1)) {
            if (config(at, 1) == 9) {
                capabilities.put(config(at + 3, 1), at);
            }
        }
        config(0x14, 4, (int) MSIX);
        config(0x20, 4, 0);
        config(0x24, 4, 0x40);
        config(4, 2, 6);
        common = structure(1);
        notify = structure(2);
        isr = structure(3);
    }

    @AfterEach
    void close() {
        device.device().close();
        memory.memory.close();
    }

    private long structure(int type) {
        int at = capabilities.get(type);
        assertThat(config(at + 4, 1)).isEqualTo(4);
        return STRUCTURES + config(at + 8, 4);
    }

    private int config(int offset, int size) {
        bus.writePort(0xcf8, 4, 0x8000_0000 | SLOT << 11 | offset & 0xfc);
        return bus.readPort(0xcfc + (offset & 3), size);
    }

    private void config(int offset, int size, int value) {
        bus.writePort(0xcf8, 4, 0x8000_0000 | SLOT << 11 | offset & 0xfc);
        bus.writePort(0xcfc + (offset & 3), size, value);
    }

    private void start() {
        bus.write(common + 0x14, 1, 1);
        bus.write(common + 0x14, 1, 3);
        bus.write(common + 0x08, 4, 1);
        bus.write(common + 0x0c, 4, 1);
        bus.write(common + 0x14, 1, 11);
        assertThat(bus.read(common + 0x14, 1)).isEqualTo(11);
        bus.write(common + 0x16, 2, 0);
        bus.write(common + 0x18, 2, 8);
        bus.write(common + 0x20, 4, RING);
        bus.write(common + 0x28, 4, AVAILABLE);
        bus.write(common + 0x30, 4, USED);
        bus.write(common + 0x1c, 2, 1);
        bus.write(common + 0x14, 1, 15);
    }

    private long notifyAddress() {
        return notify + (long) config(capabilities.get(2) + 16, 4) * bus.read(common + 0x1e, 2);
    }

    private void offer(int index) {
        place(index);
        bus.write(notifyAddress(), 2, 0);
    }

    private void place(int index) {
        memory.put64(RING, 0x4_0000);
        memory.put32(RING + 8, 16);
        memory.put16(RING + 12, 2);
        memory.put16(AVAILABLE + 4 + 2L * (index - 1), 0);
        memory.put16(AVAILABLE + 2, index);
    }

    @Test
    void isAModernDeviceWithAllItsStructures() {
        assertThat(config(0, 4)).isEqualTo(0x1044_1af4);
        assertThat(config(8, 1)).isEqualTo(1);
        assertThat(config(0x2e, 2)).isGreaterThanOrEqualTo(0x40);
        assertThat(capabilities.keySet()).containsExactly(1, 2, 3, 4, 5);
        assertThat(bus.read(common + 0x12, 2)).isEqualTo(1);
        assertThat(bus.read(common + 0x18, 2)).isEqualTo(64);
        assertThat(bus.read(common + 0x10, 2)).as("no vector yet").isEqualTo(0xffff);
    }

    /** As iPXE's driver does. */
    @Test
    void theLowerPartOfARegisterCanBeReadAloneButNotWritten() {
        bus.write(common, 4, 1);
        assertThat(bus.read(common + 0x04, 2)).as("VERSION_1 and more").isOdd().isEqualTo(bus.read(common + 0x04, 4) & 0xffff);
        bus.write(common, 2, 0);
        assertThat(bus.read(common, 4)).isEqualTo(1);
        assertThat(bus.read(common + 0x14, 2)).as("a byte, and the one behind it").isZero();
    }

    @Test
    void theConfigurationWindowReachesStructuresThatNoAddressShows() {
        config(4, 2, 0);
        assertThat(bus.read(common + 0x12, 2)).isEqualTo(0xffff);
        int window = capabilities.get(5);
        config(window + 4, 1, 4);
        config(window + 8, 4, 0x12);
        config(window + 12, 4, 2);
        assertThat(config(window + 16, 2)).as("num_queues").isEqualTo(1);
        config(window + 8, 4, 0x14);
        config(window + 12, 4, 1);
        config(window + 16, 1, 3);
        assertThat(device.device().status()).isEqualTo(3);
        config(window + 8, 4, 0x4000);
        config(window + 16, 1, 0);
        config(window + 8, 4, 0x15);
        config(window + 12, 4, 4);
        config(window + 16, 4, 0);
        config(window + 4, 1, 1);
        config(window + 16, 4, 0);
        assertThat(device.device().status()).as("neither outside, nor unaligned, nor of another bar").isEqualTo(3);
    }

    @Test
    void withoutMsixThePinIsAssertedUntilTheStatusIsRead() {
        start();
        offer(1);
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
        assertThat(messages).isEmpty();
        assertThat(bus.read(isr, 1)).isEqualTo(1);
        assertThat(wire.asserted()).isFalse();
        assertThat(bus.read(isr, 1)).isZero();
    }

    @Test
    void withMsixEachReasonHasItsVector() {
        enableMsix();
        bus.write(common + 0x10, 2, 0);
        bus.write(common + 0x1a, 2, 1);
        start();
        offer(1);
        assertThat(Eventually.becomes(() -> !messages.isEmpty())).isTrue();
        assertThat(messages).containsExactly("fee01000=41");
        memory.put16(AVAILABLE + 2, 99);
        bus.write(notify, 2, 0);
        assertThat(Eventually.becomes(() -> messages.size() == 2)).isTrue();
        assertThat(messages.getLast()).as("configuration: it needs a reset").isEqualTo("fee01000=40");
        assertThat(bus.read(isr, 1)).as("of the configuration alone").isEqualTo(2);
        assertThat(wire.asserted()).isFalse();
    }

    private void enableMsix() {
        for (int vector = 0; vector < 2; vector++) {
            bus.write(MSIX + 16 * vector, 4, 0xfee0_1000L);
            bus.write(MSIX + 16 * vector + 8, 4, 0x40 + vector);
            bus.write(MSIX + 16 * vector + 12, 4, 0);
        }
        for (int at = config(0x34, 1); at != 0; at = config(at + 1, 1)) {
            if (config(at, 1) == 0x11) {
                assertThat(config(at + 2, 2)).as("a vector each for the queue and the configuration").isEqualTo(1);
                config(at + 2, 2, 0x8000);
            }
        }
    }

    @Test
    void aVectorThatIsNotThereReadsBackAsNone() {
        bus.write(common + 0x10, 2, 2);
        assertThat(bus.read(common + 0x10, 2)).isEqualTo(0xffff);
        bus.write(common + 0x1a, 2, 1);
        assertThat(bus.read(common + 0x1a, 2)).isEqualTo(1);
    }

    @Test
    void aResetOfTheBusResetsTheDevice() {
        start();
        offer(1);
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
        pci.reset();
        assertThat(wire.asserted()).isFalse();
        assertThat(device.device().status()).isZero();
        assertThat(bus.read(common, 4)).as("nothing is decoded").isEqualTo(0xffff_ffffL);
    }

    @Test
    void registersOfAnAbsentQueueReadAsZeroAndDoNothing() {
        bus.write(common + 0x16, 2, 5);
        assertThat(bus.read(common + 0x18, 2)).isZero();
        bus.write(common + 0x1c, 2, 1);
        bus.write(common + 0x3a, 2, 1);
        bus.write(notify + 4 * 900, 4, 0);
        assertThat(log).isEmpty();
    }

    @Test
    void touchesMemoryOnlyAsABusMaster() {
        config(4, 2, 2);
        start();
        for (int i = 1; i <= 8; i++) {
            offer(i);
            Thread.yield();
        }
        assertThat(memory.get16(USED + 2)).as("barred").isZero();
        config(4, 2, 6);
        assertThat(Eventually.becomes(() -> memory.get16(USED + 2) == 8)).as("what was offered meanwhile is served").isTrue();
        config(4, 2, 2);
        offer(9);
        Thread.yield();
        assertThat(memory.get16(USED + 2)).as("barred again").isEqualTo(8);
    }

    @Test
    void theNotifyAddressIsADoorbell() {
        Map<Long, Doorbell> doors = new TreeMap<>();
        bus.keeper(new Doorbell.Keeper() {
            @Override
            public void placed(long gpa, Doorbell doorbell) {
                doors.put(gpa, doorbell);
            }

            @Override
            public void removed(long gpa, Doorbell doorbell) {
                doors.remove(gpa);
            }
        });
        start();
        assertThat(doors).containsOnlyKeys(notifyAddress());
        place(1);
        doors.get(notifyAddress()).bell().run();
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
        config(4, 2, 0);
        assertThat(doors).as("memory space is switched off").isEmpty();
        config(4, 2, 6);
        assertThat(doors).hasSize(1);
    }
}
