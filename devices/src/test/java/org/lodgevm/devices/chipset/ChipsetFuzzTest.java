package org.lodgevm.devices.chipset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.SystemClock;

/** What a guest can do to the chipset: anything at all. */
class ChipsetFuzzTest {
    private static final long[] PAGES = {
        PcLayout.LOCAL_APIC, PcLayout.LOCAL_APIC + 0x1000, PcLayout.IO_APIC, PcLayout.HPET, PcLayout.ECAM,
        PcLayout.ECAM + (31 << 15), PcLayout.TEST_DEVICE_MEMORY + 0xf000
    };
    private static final int[] SIZES = {1, 2, 4, 8};

    /** One CPU's random doings. */
    private static final class Guest {
        private final Random random;
        private final ChipsetRig rig;
        private final Chipset.Socket socket;
        private final List<IrqLine> lines;

        Guest(ChipsetRig rig, int cpu, long seed) {
            this.rig = rig;
            random = new Random(seed);
            socket = rig.chipset.socket(cpu);
            lines = IntStream.range(0, PcLayout.IO_APIC_PINS).mapToObj(rig.chipset::ioApicLine).toList();
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0, 1 -> socket.bus().writePort(port(), SIZES[random.nextInt(3)], value());
                case 2 -> socket.bus().readPort(port(), SIZES[random.nextInt(3)]);
                case 3 -> socket.bus().write(address(), SIZES[random.nextInt(4)], random.nextLong());
                case 4 -> socket.bus().read(address(), SIZES[random.nextInt(4)]);
                case 5 -> msr();
                case 6 -> interrupt();
                default -> occasionally();
            }
        }

        private int value() {
            return random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(32);
        }

        /** Any port, but mostly those that somebody decodes. */
        private int port() {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt(0x1_0000);
                case 1 -> 0xcf8 + random.nextInt(8);
                case 2 -> PcLayout.PM + random.nextInt(PcLayout.PM_SIZE);
                default -> random.nextInt(0x600);
            };
        }

        private long address() {
            return PAGES[random.nextInt(PAGES.length)] + random.nextInt(0x1000);
        }

        private void msr() {
            LocalInterrupts apic = socket.apic();
            int msr = 0x800 + random.nextInt(0x100);
            try {
                switch (random.nextInt(20)) {
                    case 0 -> apic.writeMsr(0x1b, 0xfee0_0000L | random.nextInt(16) << 8);
                    case 1 -> apic.writeMsr(0x6e0, socket.tsc().read() + random.nextInt(1_000_000));
                    case 2 -> apic.writeMsr(0x6e0, random.nextLong());
                    default -> apic.writeMsr(msr, random.nextInt());
                }
                apic.readMsr(msr);
            } catch (MsrFault e) {
                // the guest's #GP
            }
        }

        private void interrupt() {
            LocalInterrupts apic = socket.apic();
            if (apic.pending()) {
                int vector = apic.acknowledge();
                assertThat(vector).isBetween(-1, 255);
            }
            apic.taskPriority(random.nextInt(16));
        }

        private void occasionally() {
            if (random.nextInt(2000) == 0) {
                socket.apic().reset(random.nextBoolean());
            } else if (random.nextInt(2000) == 0) {
                rig.chipset.programLikeFirmware();
            } else {
                lines.get(random.nextInt(lines.size())).set(random.nextBoolean());
            }
        }
    }

    @Test
    void noAccessThrowsOrHangs() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (long seed = 0; seed < 10; seed++) {
                ManualClock clock = new ManualClock(1_700_000_000_000_000_000L);
                try (ChipsetRig rig = new ChipsetRig(clock, 2)) {
                    Guest guest = new Guest(rig, 0, seed);
                    Guest other = new Guest(rig, 1, ~seed);
                    for (int i = 0; i < 40_000; i++) {
                        guest.step();
                        other.step();
                        clock.advance(1000);
                    }
                    assertThat(clock.armed()).as("one timer a counter at most").isLessThan(20);
                    rig.chipset.reset();
                    assertThat(clock.armed()).as("reset stops them").isZero();
                }
            }
        });
    }

    @Test
    void cpusThatDoAnythingAtOnceNeverBlockEachOther() throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        try (SystemClock clock = new SystemClock();
                ChipsetRig rig = new ChipsetRig(clock, 4)) {
            List<Thread> threads = new ArrayList<>();
            for (int cpu = 0; cpu < 4; cpu++) {
                Guest guest = new Guest(rig, cpu, 42 + cpu);
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    try {
                        for (int i = 0; i < 100_000; i++) {
                            guest.step();
                        }
                    } catch (Throwable e) {
                        thrown.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join(60_000);
                assertThat(thread.isAlive()).as("deadlocked").isFalse();
            }
            rig.chipset.reset();
        }
        assertThat(thrown).isEmpty();
    }
}
