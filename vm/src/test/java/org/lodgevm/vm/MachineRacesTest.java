package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.Vcpu;

/** What the guest does and what its owner does, at the same moment, over and over. */
class MachineRacesTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whoeverActsWhenEveryMachineEndsWithOneOutcome() throws Exception {
        try (ExecutorService owners = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 150; round++) {
                int seed = round;
                try (Machine machine = machine(seed).build()) {
                    machine.start();
                    List<Future<?>> acting = new ArrayList<>();
                    for (int owner = 0; owner < 3; owner++) {
                        Random random = new Random(10L * seed + owner);
                        acting.add(owners.submit(() -> act(machine, random)));
                    }
                    for (Future<?> future : acting) {
                        future.get();
                    }
                    machine.resume();
                    machine.stop();
                    assertThat(machine.await(SOON)).as("outcome of machine %d", seed).isPresent();
                    assertThat(machine.state()).isEqualTo(Machine.State.ENDED);
                }
            }
        }
    }

    private static void act(Machine machine, Random random) {
        for (int i = 0; i < 12; i++) {
            switch (random.nextInt(6)) {
                case 0 -> machine.pause();
                case 1, 2 -> machine.resume();
                case 3 -> machine.reset();
                case 4 -> machine.powerButton();
                default -> Thread.yield();
            }
        }
        if (random.nextInt(8) == 0) {
            machine.stop();
        }
    }

    /** A guest that now and then resets, powers off or crashes, on any of its CPUs. */
    private static MachineBuilder machine(int seed) {
        Random random = new Random(seed);
        FakeAccelerator.Guest guest = cpu -> {
            int action;
            synchronized (random) {
                action = random.nextInt(400);
            }
            switch (action) {
                case 0 -> cpu.powerOff();
                case 1, 2, 3 -> cpu.reset(0x06);
                case 4 -> {
                    return Vcpu.Exit.SHUTDOWN;
                }
                case 5 -> cpu.bus.writePort(0xf4, 1, 1);
                default -> cpu.print("x");
            }
            return null;
        };
        return Machine.builder().name("race-" + seed).kernel(MachineTest.kernel()).memory(4 << 20).cpus(1 + seed % 3)
                .onShutdown(seed % 2 == 0 ? ShutdownAction.RESET : ShutdownAction.CRASH).accelerator(new FakeAccelerator(guest));
    }

    @Test
    void fiftyMachinesLeaveNothingBehind() throws Exception {
        fifty();
        for (int i = 0; i < 100 && lodgeThreads() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(lodgeThreads()).as("threads").isZero();
        assertThat(ramMappings()).as("mappings of guest RAM").isZero();
    }

    private static void fifty() throws InterruptedException {
        List<Machine> machines = new ArrayList<>();
        List<FakeAccelerator> accelerators = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            FakeAccelerator accelerator = new FakeAccelerator(FakeAccelerator.IDLE);
            accelerators.add(accelerator);
            machines.add(Machine.builder().name("m" + i).kernel(MachineTest.kernel()).memory(64 << 20).cpus(2).accelerator(accelerator).build());
        }
        machines.forEach(Machine::start);
        machines.forEach(Machine::close);
        assertThat(accelerators).allMatch(a -> a.open.get() == 0);
    }

    private static long lodgeThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("lodge-")).count();
    }

    private static long ramMappings() {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(line -> line.contains("lodge-ram")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
