package org.lodgevm.fuzz.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;

/** CPUs, memory and a device, and around them what must not change. */
final class Board implements AutoCloseable {
    static final int RAM = 0x20_0000;
    static final int ROM = 0x30_0000;
    static final int ROM_SIZE = 0x1000;
    static final int DEVICE = 0x40_0000;
    /** A page of RAM in which a device lies. */
    static final int MIXED_PAGE = 0x1f_0000;
    private static final long RESET_ROM = 0xffff_0000L;
    private static final long HIGH_RAM = 1L << 32;
    private static final int RESET_VECTOR = 0xfff0;

    private static final int GUARD = 1 << 16;
    private static final byte UNTOUCHED = (byte) 0xa5;
    private static final long TICK_NANOS = 200_000;

    private final Arena arena = Arena.ofShared();
    private final GuestMemory memory = new GuestMemory();
    private final SystemClock clock = new SystemClock();
    private final List<MemorySegment> guards = new ArrayList<>();
    private final List<Vcpu> cpus = new ArrayList<>();
    private final List<Gremlin> gremlins = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("fuzz-cpu-", 1).factory());
    private final Accelerator.VcpuFactory factory;
    private final Clock.Timer ticker = clock.timer(this::tick);
    private volatile long end;
    private volatile boolean running;

    Board(int cpuCount, Accelerator accelerator) {
        memory.addRam(0, RAM, this::guarded);
        memory.addRam(HIGH_RAM, RAM, this::guarded);
        memory.addRom(ROM, filled(new byte[ROM_SIZE]));
        memory.addRom(RESET_ROM, resetRom());
        factory = accelerator.open(
                new Accelerator.MachineContext(memory, clock, new Accelerator.Cpus(cpuCount), Trace.OFF));
        Bus bus = new Bus(memory);
        Gremlin device = new Gremlin(cpus);
        gremlins.add(device);
        bus.mapPorts(0, 0x1_0000, device);
        bus.mapMmio(DEVICE, 0x1000, device);
        bus.mapMmio(MIXED_PAGE + 0x123, 0x45, device);
        for (int i = 0; i < cpuCount; i++) {
            Gremlin apic = new Gremlin(cpus);
            gremlins.add(apic);
            cpus.add(factory.create(i, bus.overlay(), apic, new Tsc(clock)));
        }
    }

    private MemorySegment guarded(long size, Arena unused) {
        MemorySegment whole = arena.allocate(size + 2 * GUARD, 0x1000).fill(UNTOUCHED);
        guards.add(whole.asSlice(0, GUARD));
        guards.add(whole.asSlice(GUARD + size, GUARD));
        return whole.asSlice(GUARD, size);
    }

    private static byte[] filled(byte[] bytes) {
        Arrays.fill(bytes, UNTOUCHED);
        return bytes;
    }

    /** Where CPUs begin after INIT: a far jump to the code. */
    private static byte[] resetRom() {
        byte[] rom = new byte[0x1_0000];
        byte[] jump = Handlers.assembler(16).jmpFar(16, 0, Image.CODE).toBytes();
        System.arraycopy(jump, 0, rom, RESET_VECTOR, jump.length);
        return rom;
    }

    int cpuCount() {
        return cpus.size();
    }

    /**
     * Runs a case, the first CPU on the caller's thread.
     *
     * @param nanos after which its CPUs are told to stop
     */
    void run(Image image, List<VcpuState> states, long seed, long nanos) throws InterruptedException {
        memory.write(0, image.bytes());
        for (int i = 0; i < gremlins.size(); i++) {
            gremlins.get(i).begin(seed + i);
        }
        for (int i = 0; i < cpus.size(); i++) {
            cpus.get(i).state(states.get(i));
        }
        end = clock.nanos() + nanos;
        running = true;
        ticker.arm(clock.nanos() + TICK_NANOS);
        List<Future<?>> others = cpus.stream().skip(1).<Future<?>>map(cpu -> executor.submit(() -> drive(cpu))).toList();
        try {
            drive(cpus.getFirst());
            for (Future<?> other : others) {
                other.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            running = false;
            ticker.cancel();
        }
        check();
    }

    /** Runs one CPU to the end of the case; a kick may still be one for the case before. */
    private void drive(Vcpu cpu) {
        Vcpu.Exit exit;
        do {
            exit = cpu.run();
        } while (exit == Vcpu.Exit.KICKED && clock.nanos() < end);
        if (exit == Vcpu.Exit.FAILED) {
            throw new AssertionError(cpu.failure());
        }
    }

    long instructions() {
        return cpus.stream().mapToLong(Vcpu::instructions).sum();
    }

    /** Disturbs the CPUs, or stops them. */
    private void tick() {
        long now = clock.nanos();
        if (now < end) {
            gremlins.getFirst().disturb();
        } else {
            cpus.forEach(Vcpu::kick);
        }
        if (running) {
            ticker.arm(now + TICK_NANOS);
        }
    }

    /** That nobody wrote where nobody may, and that the state of the CPUs can be had. */
    private void check() {
        for (MemorySegment guard : guards) {
            for (long at = 0; at < GUARD; at += Long.BYTES) {
                if (guard.get(ValueLayout.JAVA_LONG, at) != 0xa5a5_a5a5_a5a5_a5a5L) {
                    throw new AssertionError("memory of the host was written, at 0x%x of %s".formatted(at, guard));
                }
            }
        }
        if (!Arrays.equals(memory.read(ROM, ROM_SIZE), filled(new byte[ROM_SIZE])) || !Arrays.equals(memory.read(RESET_ROM, 0x1_0000), resetRom())) {
            throw new AssertionError("a ROM was written");
        }
        cpus.forEach(Vcpu::state);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        clock.close();
        cpus.forEach(Vcpu::close);
        factory.close();
        memory.close();
        arena.close();
    }
}
