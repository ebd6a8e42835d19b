package org.lodgevm.fuzz.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.lodgevm.fuzz.Accelerators;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.Fuzzer;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.RebootAction;
import org.lodgevm.vm.ShutdownAction;
import org.lodgevm.vm.VirtioTransport;
import org.lodgevm.vm.boot.BootFile;

/** Runs hostile kernels in machines, a new one for each case. */
public final class MachineFuzzer implements Fuzzer {
    private static final int MEMORY = 16 << 20;
    private static final int LONGEST_MILLIS = 150;
    private static final int MOST_CPUS = 4;

    private static final long DISK = 1 << 20;

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Path disk;
    private long instructions;

    public MachineFuzzer() throws IOException {
        disk = Files.createTempFile("lodge-fuzz", ".img");
        try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), DISK - 1);
        }
    }

    @Override
    public void run(long seed) throws InterruptedException {
        Dice dice = new Dice(seed);
        byte[] kernel = HostileKernel.make(dice);
        Outcome outcome;
        try (Machine machine = Machine.builder().name("fuzz").kernel(BootFile.of("hostile kernel", kernel)).memory(MEMORY)
                .cpus(dice.between(1, MOST_CPUS)).accelerator(Accelerators.next())
                .rebootAction(dice.oneIn(2) ? RebootAction.RESTART : RebootAction.EXIT)
                .device(new DeviceSpec.Entropy()).device(DeviceSpec.Disk.of(disk.toString()))
                .virtioTransport(dice.oneIn(2) ? VirtioTransport.PCI : VirtioTransport.MMIO)
                .onShutdown(dice.oneIn(2) ? ShutdownAction.RESET : ShutdownAction.CRASH)
                .console(null, OutputStream.nullOutputStream()).build()) {
            machine.start();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1 + dice.below(LONGEST_MILLIS));
            while (System.nanoTime() < end && machine.state() != Machine.State.ENDED) {
                TimeUnit.MILLISECONDS.sleep(dice.below(10));
                act(machine, dice);
            }
            machine.stop();
            outcome = machine.await();
            instructions += machine.instructions();
        }
        if (outcome instanceof Outcome.Crashed(String message, Throwable cause) && !message.contains("triple fault")) {
            throw new AssertionError(message, cause);
        }
        outcomes.merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
    }

    /** What an owner may do at any time. */
    private static void act(Machine machine, Dice dice) throws InterruptedException {
        switch (dice.below(12)) {
            case 0 -> machine.pause();
            case 1, 2 -> machine.resume();
            case 3 -> machine.powerButton();
            case 4 -> machine.nmi();
            case 5 -> machine.reset();
            default -> {
                // the guest goes on alone
            }
        }
        machine.resume();
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String summary() {
        return "outcomes %s, %,d guest instructions".formatted(outcomes, instructions);
    }
}
