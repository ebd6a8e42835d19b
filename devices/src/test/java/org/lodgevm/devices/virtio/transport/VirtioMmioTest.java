package org.lodgevm.devices.virtio.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.Eventually;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.devices.virtio.DriverMemory;
import org.lodgevm.devices.virtio.rng.Entropy;
import org.lodgevm.machine.Doorbell;

/** Registers by their numbers, as in the specification's table. @virtio 4.2.2 */
class VirtioMmioTest {
    private static final long RING = 0x1_0000;
    private static final long AVAILABLE = 0x2_0000;
    private static final long USED = 0x3_0000;
    private static final long BUFFER = 0x4_0000;

    private final DriverMemory memory = new DriverMemory();
    private final Wire wire = new Wire();
    private final List<String> log = new ArrayList<>();
    private final VirtioMmio mmio = new VirtioMmio(wire, "rng", driver -> new Entropy(), memory.memory, log::add);

    @AfterEach
    void close() {
        mmio.device().close();
        memory.memory.close();
    }

    private long get(int offset) {
        return mmio.read(offset, 4);
    }

    private void set(int offset, long value) {
        mmio.write(offset, 4, value);
    }

    /** The initialization sequence, with a split ring of eight. */
    private void start() {
        set(0x070, 1);
        set(0x070, 3);
        set(0x024, 1);
        set(0x020, 1);
        set(0x070, 11);
        assertThat(get(0x070)).isEqualTo(11);
        set(0x030, 0);
        set(0x038, 8);
        set(0x080, RING);
        set(0x090, AVAILABLE);
        set(0x0a0, USED);
        set(0x044, 1);
        set(0x070, 15);
    }

    private void offer(int index) {
        place(index);
        set(0x050, 0);
    }

    private void place(int index) {
        memory.put64(RING, BUFFER);
        memory.put32(RING + 8, 16);
        memory.put16(RING + 12, 2);
        memory.put16(AVAILABLE + 4, 0);
        memory.put16(AVAILABLE + 2, index);
    }

    @Test
    void saysWhatItIs() {
        assertThat(get(0x000)).isEqualTo(0x7472_6976);
        assertThat(get(0x004)).isEqualTo(2);
        assertThat(get(0x008)).isEqualTo(4);
        set(0x014, 1);
        assertThat(get(0x010) & 1).as("VERSION_1").isEqualTo(1);
        assertThat(get(0x034)).isEqualTo(64);
        assertThat(get(0x0b0)).as("no shared memory").isEqualTo(0xffff_ffffL);
    }

    @Test
    void aUsedBufferAssertsTheInterruptUntilItIsAcknowledged() {
        start();
        offer(1);
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
        assertThat(memory.get16(USED + 2)).isEqualTo(1);
        assertThat(memory.get32(USED + 8)).isEqualTo(16);
        assertThat(get(0x060)).isEqualTo(1);
        set(0x064, 1);
        assertThat(wire.asserted()).isFalse();
        assertThat(get(0x060)).isZero();
    }

    @Test
    void afterAResetEverythingIsAsBefore() {
        start();
        offer(1);
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
        set(0x070, 0);
        assertThat(get(0x070)).isZero();
        assertThat(get(0x044)).isZero();
        assertThat(wire.asserted()).isFalse();
        start();
        memory.put16(USED + 2, 0);
        offer(1);
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
    }

    @Test
    void aQueueIsDisabledByItsReadyRegister() {
        start();
        set(0x044, 0);
        assertThat(get(0x044)).isZero();
        offer(1);
        mmio.device().pause();
        assertThat(wire.asserted()).isFalse();
    }

    @Test
    void accessesOfOtherWidthsAndPlacesDoNothing() {
        start();
        assertThat(mmio.read(0x000, 2)).isZero();
        assertThat(mmio.read(0x002, 4)).isZero();
        mmio.write(0x070, 1, 0);
        set(0x0fc, 5);
        set(0x000, 5);
        assertThat(get(0x070)).isEqualTo(15);
        set(0x030, 77);
        assertThat(get(0x034)).as("no such queue").isZero();
        set(0x044, 1);
        assertThat(log).isEmpty();
    }

    @Test
    void aFailureIsAChangeOfTheConfiguration() {
        start();
        memory.put16(AVAILABLE + 2, 99);
        set(0x050, 0);
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
        assertThat(get(0x060)).isEqualTo(2);
        assertThat(get(0x070)).isEqualTo(15 | 64);
        assertThat(log.getFirst()).isEqualTo("rng needs a reset: queue 0: a ring of 8 entries offers 99");
    }

    @Test
    void theDoorbellOfAQueueIsAWriteOfItsNumber() {
        start();
        assertThat(mmio.doorbells()).hasSize(1);
        Doorbell doorbell = mmio.doorbells().getFirst();
        assertThat(doorbell).extracting(Doorbell::offset, Doorbell::size, Doorbell::value).containsExactly(0x050L, 4, 0L);
        place(1);
        doorbell.bell().run();
        assertThat(Eventually.becomes(wire::asserted)).isTrue();
    }
}
