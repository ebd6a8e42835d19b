package org.lodgevm.devices.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;

/** What was put aside comes from a stream, which is somebody else's. */
class KeptChainTest {
    @Test
    void numbersThatAreNoChainAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> kept(-1, 1, 0, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> kept(1 << 16, 1, 0, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> kept(1, 0, 0, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> kept(1, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> kept(1, 1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> kept(1, 1, 0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> kept(1, 1, 0, Long.MAX_VALUE));
    }

    private static KeptChain kept(int id, int slots, long... readable) {
        return new KeptChain(id, slots, readable, new long[] {0x2000, 1});
    }

    @Test
    void aChainComesBackAsItWasBeforeItWasRead() {
        try (GuestMemory guest = new GuestMemory()) {
            guest.addRam(0, 1 << 20, RamSource.temporaryFile());
            DmaMemory memory = new DmaMemory(guest);
            DescriptorChain chain = kept(7, 3, 0x1000, 16, 0x8000, 512).chain(memory);
            chain.readable().skip(100);
            DescriptorChain again = KeptChain.of(chain).chain(memory);
            assertThat(again.id()).isEqualTo(7);
            assertThat(again.slots()).isEqualTo(3);
            assertThat(again.readable().remaining()).isEqualTo(528);
            assertThat(again.writable().remaining()).isEqualTo(1);
            assertThatThrownBy(() -> kept(7, 3, 1 << 20, 16).chain(memory)).isInstanceOf(QueueFault.class);
        }
    }
}
