package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.lodgevm.machine.AbsentPages;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;

/** A machine whose guest counts, and writes and says numbers everywhere; it has one disk, which is whose name stands in it. */
final class FakeMachine implements ProtectedMachine, AutoCloseable {
    static final int PAGES = 40;
    static final byte[] HOT_CODE = {4, 5, 6};
    private static final long PACE_NANOS = 20_000;
    private static final long HIGH = 1L << 32;

    final String name;
    final GuestMemory memory = new GuestMemory();
    final Map<String, String> profile = new TreeMap<>(Map.of("memory", "40 pages", "CPUs", "1"));
    final AtomicReference<String> disk;
    private final SplittableRandom dice = new SplittableRandom(1);
    private final CountDownLatch missed = new CountDownLatch(1);
    private final Thread guest = Thread.ofPlatform().daemon().unstarted(this::steps);
    private boolean running;
    private boolean closed;
    volatile boolean left;
    volatile boolean handedOver;
    /** Whether memory cannot follow it. */
    boolean impatient;
    volatile boolean drained;
    volatile boolean rehearsed;
    /** What was told of code; or null. */
    volatile byte[] prepared;
    final List<String> said = new CopyOnWriteArrayList<>();
    volatile int throttled;
    /** What others see of it; at both sides of a migration, what is on the disk is the same. */
    final FakeEffects effects = new FakeEffects();
    /** A disk that nobody else has. */
    final FakeDisk own = new FakeDisk();
    /** Of machines without one in others' eyes, too. */
    boolean fenced = true;
    Runnable beforeDisks = () -> {};
    private boolean ended;
    private volatile Runnable beforeEnd;
    /** The state: how many steps were made. */
    long steps;

    FakeMachine(String name, AtomicReference<String> disk) {
        this.name = name;
        this.disk = disk;
        memory.addRam(0, PAGES * PageSet.PAGE, (size, arena) -> arena.allocate(size, PageSet.PAGE));
        memory.addRam(HIGH, PageSet.PAGE, (size, arena) -> arena.allocate(size, PageSet.PAGE));
        guest.start();
    }

    /** A machine that runs and has the disk. */
    static FakeMachine started(AtomicReference<String> disk) {
        return started(disk, new ConcurrentHashMap<>());
    }

    /** @param content of the disk */
    static FakeMachine started(AtomicReference<String> disk, Map<Long, Long> content) {
        FakeMachine machine = new FakeMachine("source", disk);
        machine.effects.disk = content;
        machine.memory.write(HIGH, new byte[] {1, 2, 3});
        disk.set(machine.name);
        machine.resume();
        return machine;
    }

    private void steps() {
        while (step()) {
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private synchronized boolean step() {
        try {
            while (!running && !closed) {
                wait();
            }
            return doStep();
        } catch (InterruptedException | AbsentPages.Lost e) {
            return false;
        }
    }

    private boolean doStep() {
        if (!closed) {
            long page = dice.nextLong(PAGES / 2);
            memory.write(page * PageSet.PAGE, ByteBuffer.allocate(8).putLong(++steps).array());
            effects.step(steps);
            own.step(steps);
        }
        return !closed;
    }

    @Override
    public Map<String, String> profile() {
        return profile;
    }

    @Override
    public List<FakeDisk> disks() {
        return List.of(own);
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public void rehearse() {
        rehearsed = true;
    }

    @Override
    public DirtyLog logWrites() {
        return new DirtyLog(memory, new NoCpus());
    }

    /** All writes here go through the memory. */
    private static final class NoCpus implements Accelerator.VcpuFactory {
        @Override
        public Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc) {
            throw new UnsupportedOperationException("there are none");
        }

        @Override
        public List<CpuidLeaf> cpuid() {
            return List.of();
        }

        @Override
        public void logWrites(boolean on) {}

        @Override
        public void collectWrites(PageSet found) {}

        @Override
        public void close() {}
    }

    @Override
    public byte[] hotCode() {
        return HOT_CODE;
    }

    @Override
    public void prepare(byte[] hotCode) {
        prepared = hotCode;
    }

    @Override
    public void throttle(int percent) {
        throttled = Math.max(throttled, percent);
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public synchronized void pause() {
        running = false;
    }

    @Override
    public synchronized void resume() {
        if (fenced && !name.equals(disk.get())) {
            throw new AssertionError("the machine at the %s runs with a disk of the %s".formatted(name, disk.get()));
        }
        running = true;
        notifyAll();
    }

    @Override
    public byte[] saveState() {
        return ByteBuffer.allocate(8).putLong(steps).array();
    }

    @Override
    public void restoreState(byte[] state) throws IOException {
        if (state.length != 8) {
            throw new IOException("the state has %d bytes".formatted(state.length));
        }
        steps = ByteBuffer.wrap(state).getLong();
    }

    @Override
    public void drainOutput() {
        drained = true;
    }

    @Override
    public void releaseDisks() {
        disk.compareAndSet(name, null);
    }

    @Override
    public void acquireDisks() throws IOException {
        beforeDisks.run();
        if (fenced && !name.equals(disk.get()) && !disk.compareAndSet(null, name)) {
            throw new IOException("the disk is in use at the " + disk.get());
        }
    }

    @Override
    public void requirePostcopy() throws IOException {
        if (impatient) {
            throw new IOException("it cannot wait for memory");
        }
    }

    @Override
    public void handOver() {
        handedOver = true;
    }

    @Override
    public void leave() {
        left = true;
        pause();
    }

    // ---- protection -------------------------------------------------------------------------------------------------

    @Override
    public void requireProtectable() throws IOException {
        if (profile.containsKey("shared folder")) {
            throw new IOException("there is a shared folder");
        }
    }

    @Override
    public boolean isFenced() {
        return fenced;
    }

    @Override
    public void still(Still task) throws IOException {
        synchronized (this) {
            if (!ended) {
                task.run(running);
                return;
            }
        }
        missed.countDown();
        throw new IOException("the machine has ended");
    }

    /** By its guest, or its owner. @param noticed whether somebody finds it ended before he is told */
    void end(boolean noticed) throws InterruptedException {
        synchronized (this) {
            ended = true;
            running = false;
        }
        if (noticed) {
            missed.await();
        }
        Runnable task = beforeEnd;
        if (task != null) {
            task.run();
        }
    }

    @Override
    public byte[] stateNow() {
        return saveState();
    }

    @Override
    public HeldOutput hold(Runnable more) {
        return effects.hold();
    }

    @Override
    public void wait(boolean now) {}

    @Override
    public void say(String line) {
        said.add(line);
    }

    @Override
    public void beforeEnd(Runnable task) {
        beforeEnd = task;
    }

    @Override
    public void print(int output, byte[] bytes) {
        effects.print(bytes);
    }

    @Override
    public void write(int number, long offset, ByteBuffer bytes) throws IOException {
        if (bytes.remaining() != Long.BYTES) {
            own.write(offset, bytes);
            return;
        }
        effects.disk.put(offset, bytes.getLong());
    }

    @Override
    public void zero(int number, long offset, long length) throws IOException {
        own.writeZeroes(offset, length, true);
    }

    @Override
    public void flushDisks() {
        own.flush();
    }

    @Override
    public void close() {
        AbsentPages absent = memory.absent();
        if (absent != null) {
            absent.lose(); // the guest may wait, as a step that nothing else happens within
        }
        synchronized (this) {
            closed = true;
            running = false;
            notifyAll();
        }
    }
}
