package org.lodgevm.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.fuzz.cpu.Corpus;
import org.lodgevm.fuzz.cpu.CpuFuzzer;
import org.lodgevm.fuzz.images.ImagesFuzzer;
import org.lodgevm.fuzz.lives.LivesFuzzer;
import org.lodgevm.fuzz.machine.MachineFuzzer;
import org.lodgevm.fuzz.nbd.NbdFuzzer;
import org.lodgevm.fuzz.network.NetworkFuzzer;
import org.lodgevm.fuzz.virtio.VirtioFuzzer;
import org.lodgevm.share.SharedFolder;

/** A short share of the long runs, the same each time. */
class FuzzTest {
    private static final int CPU_CASES = 1200;
    private static final int MACHINE_CASES = 40;
    private static final int VIRTIO_CASES = 400;
    private static final int FOLDER_CASES = 60;
    private static final int IMAGES = 4000;
    private static final int NETWORKS = 40;
    private static final int NBD_SESSIONS = 500;
    private static final int LIVES = 20;

    @Test
    void hostileCodeComesToAnArchitecturalEnd() {
        try (Fuzzer fuzzer = new CpuFuzzer(new Corpus(List.of()))) {
            new Campaign(fuzzer, System.out).run(1, CPU_CASES);
        }
    }

    @Test
    void devicesOutliveWhatTheirDriversPutIntoRings() {
        try (Fuzzer fuzzer = VirtioFuzzer.ofAnyDevice()) {
            new Campaign(fuzzer, System.out).run(1, VIRTIO_CASES);
        }
    }

    @Test
    void sharedFoldersOutliveWhatGuestsAskOfThemAndKeepThemIn() {
        assumeTrue(SharedFolder.isAvailable(), "folders cannot be shared here");
        try (Fuzzer fuzzer = VirtioFuzzer.ofSharedFolders()) {
            new Campaign(fuzzer, System.out).run(1, FOLDER_CASES);
        }
    }

    @Test
    void damagedImagesAreRefusedOrUsedAndNeverHarm() throws Exception {
        try (Fuzzer fuzzer = new ImagesFuzzer(List.of())) {
            new Campaign(fuzzer, System.out).run(1, IMAGES);
        }
    }

    @Test
    void nbdOutlivesBothHostileClientsAndServers() throws Exception {
        try (Fuzzer fuzzer = new NbdFuzzer()) {
            new Campaign(fuzzer, System.out).run(1, NBD_SESSIONS);
        }
    }

    @Test
    void networksOutliveWhatGuestsSend() throws Exception {
        try (Fuzzer fuzzer = new NetworkFuzzer()) {
            new Campaign(fuzzer, System.out).run(1, NETWORKS);
        }
    }

    /** The first have loaded classes, and opened what stays open. */
    @Test
    void nothingIsLeftOfMachinesThatAreGone() throws Exception {
        try (LivesFuzzer fuzzer = new LivesFuzzer()) {
            assumeTrue(fuzzer.possible(), "neither translated code nor /dev/kvm can be used here");
            Campaign campaign = new Campaign(fuzzer, System.out);
            campaign.run(1, LIVES);
            Footprint before = Footprint.now();
            campaign.run(1 + LIVES, LIVES);
            assertThat(Footprint.now().since(before).isLeak()).isFalse();
        }
    }

    @Test
    void machinesOutliveWhatTheirGuestsDoToTheirDevices() throws Exception {
        try (Fuzzer fuzzer = new MachineFuzzer()) {
            new Campaign(fuzzer, System.out).run(1, MACHINE_CASES);
        }
    }
}
