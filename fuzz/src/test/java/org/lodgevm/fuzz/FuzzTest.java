package org.lodgevm.fuzz;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.fuzz.cpu.Corpus;
import org.lodgevm.fuzz.cpu.CpuFuzzer;
import org.lodgevm.fuzz.machine.MachineFuzzer;
import org.lodgevm.fuzz.virtio.VirtioFuzzer;

/** A short share of the long runs, the same each time. */
class FuzzTest {
    private static final int CPU_CASES = 1200;
    private static final int MACHINE_CASES = 40;
    private static final int VIRTIO_CASES = 400;

    @Test
    void hostileCodeComesToAnArchitecturalEnd() {
        try (Fuzzer fuzzer = new CpuFuzzer(new Corpus(List.of()))) {
            new Campaign(fuzzer, System.out).run(1, CPU_CASES);
        }
    }

    @Test
    void devicesOutliveWhatTheirDriversPutIntoRings() {
        try (Fuzzer fuzzer = new VirtioFuzzer()) {
            new Campaign(fuzzer, System.out).run(1, VIRTIO_CASES);
        }
    }

    @Test
    void machinesOutliveWhatTheirGuestsDoToTheirDevices() throws Exception {
        try (Fuzzer fuzzer = new MachineFuzzer()) {
            new Campaign(fuzzer, System.out).run(1, MACHINE_CASES);
        }
    }
}
