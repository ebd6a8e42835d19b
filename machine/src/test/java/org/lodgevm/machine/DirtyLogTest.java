package org.lodgevm.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What devices write, and how a set of pages changes hands. That CPUs' writes are in it is shown where the CPUs are. */
class DirtyLogTest {
    private static final int PAGES = 300;
    private static final long HIGH = 1L << 32;

    private final GuestMemory memory = new GuestMemory();
    private final Cpus cpus = new Cpus();

    DirtyLogTest() {
        RamSource heap = (size, arena) -> arena.allocate(size, PageSet.PAGE);
        memory.addRam(0, PAGES * PageSet.PAGE, heap);
        memory.addRam(HIGH, 2 * PageSet.PAGE, heap);
        memory.addRom(0xfffff000L, new byte[PageSet.PAGE]);
        memory.addAlias(0x4000_0000L, PageSet.PAGE, 7 * PageSet.PAGE, false);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    /** CPUs that write one page from time to time. */
    private static final class Cpus implements Accelerator.VcpuFactory {
        private boolean on;

        @Override
        public Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc) {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public List<CpuidLeaf> cpuid() {
            return List.of();
        }

        @Override
        public void logWrites(boolean now) {
            on = now;
        }

        @Override
        public void collectWrites(PageSet found) {
            found.add(9 * PageSet.PAGE, 1);
        }

        @Override
        public void close() {}
    }

    private static List<Long> pages(PageSet set) {
        List<Long> pages = new ArrayList<>();
        set.forEach(pages::add);
        return pages;
    }

    @Test
    void namesEachPageOfAWriteOnce() {
        try (DirtyLog log = new DirtyLog(memory, cpus)) {
            memory.write(3 * PageSet.PAGE - 1, new byte[2]);
            memory.write(HIGH + PageSet.PAGE, new byte[1]);
            new Bus(memory).write(5 * PageSet.PAGE, 8, 1);
            assertThat(pages(log.collect())).containsExactly(2L, 3L, 5L, 9L, HIGH / PageSet.PAGE + 1);
            assertThat(pages(log.collect())).containsExactly(9L);
        }
    }

    @Test
    void goesByTheAddressOfTheRamAndIgnoresRom() {
        try (DirtyLog log = new DirtyLog(memory, cpus)) {
            memory.write(0x4000_0000L, new byte[1]);
            memory.write(0xfffff000L, new byte[1]);
            new Bus(memory).write(0xfffff000L, 1, 1);
            assertThat(pages(log.collect())).containsExactly(7L, 9L);
        }
    }

    @Test
    void aReleasedPageHasChanged() {
        try (DirtyLog log = new DirtyLog(memory, cpus)) {
            memory.release(4 * PageSet.PAGE, PageSet.PAGE);
            assertThat(pages(log.collect())).containsExactly(4L, 9L);
        }
    }

    @Test
    void ofReleasedPagesThoseThatHeldNothingHaveNot() {
        memory.addRam(2 * HIGH, 8 * PageSet.PAGE, new RamSource() {
            @Override
            public MemorySegment map(long size, Arena arena) {
                return arena.allocate(size, PageSet.PAGE);
            }

            /** The first two pages, and from the fifth on. */
            @Override
            public long hole(MemorySegment pages) {
                int page = 8 - (int) (pages.byteSize() / PageSet.PAGE);
                return (page < 2 ? 2 - page : page < 4 ? 0 : 8 - page) * (long) PageSet.PAGE;
            }
        });
        try (DirtyLog log = new DirtyLog(memory, cpus)) {
            memory.release(2 * HIGH, 8 * PageSet.PAGE);
            assertThat(pages(log.collect())).containsExactly(9L, 2 * HIGH / PageSet.PAGE + 2, 2 * HIGH / PageSet.PAGE + 3);
        }
    }

    @Test
    void aWriteThatFailedHalfWayIsOne() {
        try (DirtyLog log = new DirtyLog(memory, cpus)) {
            assertThatThrownBy(() -> memory.change(0, 1, place -> {
                throw new IllegalStateException();
            })).isInstanceOf(IllegalStateException.class);
            assertThat(pages(log.collect())).containsExactly(0L, 9L);
        }
    }

    @Test
    void thereIsOneAtATimeAndThenNone() {
        DirtyLog log = new DirtyLog(memory, cpus);
        assertThatThrownBy(() -> new DirtyLog(memory, cpus)).isInstanceOf(IllegalStateException.class);
        assertThat(cpus.on).isTrue();
        log.close();
        assertThat(cpus.on).isFalse();
        assertThat(memory.logsWrites()).isFalse();
        memory.write(0, new byte[1]);
        try (DirtyLog next = new DirtyLog(memory, cpus)) {
            assertThat(pages(next.collect())).containsExactly(9L);
        }
    }

    /** A copy that follows the collections is, once all is quiet, the memory. */
    @Test
    void noWriteOfADeviceIsMissedWhileItIsCopied() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(3);
        List<Thread> devices = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SplittableRandom dice = new SplittableRandom(i);
            devices.add(Thread.ofPlatform().start(() -> {
                do {
                    byte[] bytes = new byte[1 + dice.nextInt(2 * PageSet.PAGE)];
                    dice.nextBytes(bytes);
                    memory.write(dice.nextInt(PAGES * PageSet.PAGE - bytes.length), bytes);
                    started.countDown();
                } while (!stop.get());
            }));
        }
        byte[] copy = new byte[PAGES * PageSet.PAGE];
        try (DirtyLog log = new DirtyLog(memory, cpus)) {
            started.await();
            System.arraycopy(memory.read(0, copy.length), 0, copy, 0, copy.length);
            for (int round = 0; round < 200; round++) {
                copy(log.collect(), copy);
            }
            stop.set(true);
            for (Thread device : devices) {
                device.join();
            }
            copy(log.collect(), copy);
        }
        assertThat(MemorySegment.ofArray(copy).mismatch(memory.at(0, copy.length))).isEqualTo(-1);
    }

    private void copy(PageSet pages, byte[] copy) {
        pages.forEach(page -> System.arraycopy(memory.read(page * PageSet.PAGE, PageSet.PAGE), 0, copy, (int) page * PageSet.PAGE, PageSet.PAGE));
    }
}
