package org.lodgevm.fuzz;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.fuzz.cpu.Corpus;
import org.lodgevm.fuzz.cpu.CpuFuzzer;
import org.lodgevm.fuzz.machine.MachineFuzzer;

/** A short share of the long runs, the same each time. */
class FuzzTest {
    private static final int CPU_CASES = 1200;
    private static final int MACHINE_CASES = 40;

    @Test
    void hostileCodeComesToAnArchitecturalEnd() {
        try (Fuzzer fuzzer = new CpuFuzzer(new Corpus(List.of()))) {
            new Campaign(fuzzer, System.out).run(1, CPU_CASES);
        }
    }

    @Test
    void machinesOutliveWhatTheirGuestsDoToTheirDevices() {
        try (Fuzzer fuzzer = new MachineFuzzer()) {
            new Campaign(fuzzer, System.out).run(1, MACHINE_CASES);
        }
    }
}
