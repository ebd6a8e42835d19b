package org.lodgevm.fuzz.lives;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.Fuzzer;
import org.lodgevm.linux.kvm.KvmAccelerator;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.VirtioTransport;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.x86.interpret.JitAccelerator;

/** One machine a case: it ends by itself, or is stopped while it runs, while it is paused or before it started. */
public final class LivesFuzzer implements Fuzzer {
    private static final int MEMORY = 16 << 20;
    private static final int MOST_CPUS = 4;
    private static final long DISK = 1 << 20;
    private static final int EXIT_CODE = 7;

    private static final int ROM = 1 << 16;
    private static final int RESET_VECTOR = 0xfff0;
    /** At the reset vector. MOV AL, EXIT_CODE; OUT 0xf4, AL; STI; HLT; JMP to HLT */
    private static final byte[] ENDS = {(byte) 0xb0, EXIT_CODE, (byte) 0xe6, (byte) 0xf4, (byte) 0xfb, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

    /** The same without the OUT, which ends the machine. */
    private static final byte[] STAYS = {(byte) 0xfb, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<Supplier<Accelerator>> accelerators = new ArrayList<>();
    private final Path disk;

    public LivesFuzzer() throws IOException {
        if (new JitAccelerator().unavailable() == null) {
            accelerators.add(JitAccelerator::new);
        }
        if (Files.isWritable(Path.of("/dev/kvm"))) {
            accelerators.add(KvmAccelerator::new);
        }
        disk = Files.createTempFile("lodge-lives", ".img");
        try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), DISK - 1);
        }
    }

    /** Whether there is any that can be tried. */
    public boolean possible() {
        return !accelerators.isEmpty();
    }

    @Override
    public void run(long seed) throws InterruptedException {
        Dice dice = new Dice(seed);
        Accelerator accelerator = accelerators.get((int) Math.floorMod(seed, (long) accelerators.size())).get();
        boolean ends = dice.oneIn(2);
        try (Machine machine = Machine.builder().name("life").bios(BootFile.of("bios", bios(ends ? ENDS : STAYS))).memory(MEMORY)
                .cpus(dice.between(1, MOST_CPUS)).accelerator(accelerator)
                .device(new DeviceSpec.Entropy()).device(DeviceSpec.Disk.of(disk.toString()))
                .virtioTransport(dice.oneIn(2) ? VirtioTransport.PCI : VirtioTransport.MMIO)
                .console(null, OutputStream.nullOutputStream()).build()) {
            live(machine, ends, dice);
            outcomes.merge(accelerator.name(), 1, Integer::sum);
        }
    }

    private static void live(Machine machine, boolean ends, Dice dice) throws InterruptedException {
        if (dice.oneIn(8)) {
            return; // it never starts
        }
        machine.start();
        if (ends) {
            Outcome outcome = machine.await();
            if (!outcome.equals(new Outcome.DebugExit(EXIT_CODE))) {
                throw new AssertionError("the guest ended otherwise: " + outcome);
            }
            return;
        }
        if (dice.oneIn(2)) {
            machine.pause();
        }
        if (dice.oneIn(2)) {
            machine.resume();
        }
        if (dice.oneIn(2)) {
            machine.reset();
        }
    }

    private static byte[] bios(byte[] code) {
        byte[] rom = new byte[ROM];
        System.arraycopy(code, 0, rom, RESET_VECTOR, code.length);
        return rom;
    }

    @Override
    public String summary() {
        return "machines by accelerator: " + outcomes;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
