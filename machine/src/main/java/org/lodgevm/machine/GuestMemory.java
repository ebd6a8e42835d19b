package org.lodgevm.machine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The guest's physical memory: RAM, ROM and what is mapped of the host's files, as a list of slots, each a range of guest-physical addresses backed by host
 * memory.
 *
 * <p>Every method checks its range and throws {@link IndexOutOfBoundsException} for one outside the slots; the CPU's
 * MMU looks slots up once per TLB fill and then uses host addresses.
 *
 * <p>Whoever writes without being a CPU (a boot loader, a device by DMA) does so by {@link #write} or {@link #change}, which tell those
 * who keep something derived from memory: CPUs keep decoded instructions.
 *
 * <p>A page may have its content elsewhere yet: see {@link #expect}. Who has a range from {@link #at} or {@link #change} has waited for it; who goes by a {@link Slot} has to
 * {@link #await} what it reads or writes.
 */
public final class GuestMemory implements AutoCloseable {
    /** One contiguous range. A read-only slot is ROM to the guest; the host may still fill it. */
    public record Slot(long gpa, long size, MemorySegment segment, boolean readOnly) {
        public boolean contains(long address) {
            return address - gpa >= 0 && address - gpa < size;
        }

        /** Host address of a guest-physical address inside this slot. */
        public long host(long address) {
            return segment.address() + (address - gpa);
        }
    }

    /** Told of a change to memory that no CPU made, after it, on the changing thread. */
    @FunctionalInterface
    public interface ChangeListener {
        void changed(long gpa, long bytes);
    }

    /** Writes to a range of memory. */
    @FunctionalInterface
    public interface Change<E extends Exception> {
        void accept(MemorySegment place) throws E;
    }

    private static final long NOT_RAM = -1;

    private final Arena arena = Arena.ofShared();
    /** RAM and where it came from. */
    private record Ram(Slot slot, RamSource source) {}

    private final List<Ram> ram = new CopyOnWriteArrayList<>();
    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Slot[] slots = {};
    /** Of a {@link DirtyLog}, or null. */
    private volatile PageSet written;
    /** What is not here yet, or null. */
    private volatile AbsentPages absent;

    /** Adds {@code size} bytes of zeroed RAM at {@code gpa}, from {@code source}. */
    public void addRam(long gpa, long size, RamSource source) {
        Slot slot = new Slot(gpa, size, source.map(size, arena), false);
        add(slot);
        ram.add(new Ram(slot, source));
    }

    /** Adds RAM that begins with the content of a file: see {@link RamSource#map(Path, long, long, Arena)}. */
    public void addRam(long gpa, long size, RamSource source, Path file, long offset) throws IOException {
        Slot slot = new Slot(gpa, size, source.map(file, offset, size, arena), false);
        add(slot);
        ram.add(new Ram(slot, source));
    }

    /** Adds a ROM holding {@code contents}. The host's memory goes on to a page's end: CPUs fetch what they execute by pages. */
    public void addRom(long gpa, byte[] contents) {
        MemorySegment segment = arena.allocate(contents.length + PageSet.PAGE - 1 & -PageSet.PAGE, PageSet.PAGE).asSlice(0, contents.length);
        MemorySegment.copy(contents, 0, segment, ValueLayout.JAVA_BYTE, 0, contents.length);
        add(new Slot(gpa, contents.length, segment, true));
    }

    /** Maps memory that is kept by somebody else. */
    @FunctionalInterface
    public interface Mapping {
        /** @param arena until whose end it is there */
        MemorySegment map(Arena arena) throws IOException;
    }

    /**
     * Adds memory that is no RAM of the machine's, a file of the host's for instance: it is neither frozen nor logged, and nobody waits for it.
     *
     * @param readOnly whether it is ROM to the guest
     */
    public void addMapped(long gpa, boolean readOnly, Mapping mapping) throws IOException {
        MemorySegment segment = mapping.map(arena);
        add(new Slot(gpa, segment.byteSize(), segment, readOnly));
    }

    /** Adds a second range that shows part of existing memory: the shadow of a BIOS below 1 MiB, for instance. */
    public void addAlias(long gpa, long size, long originalGpa, boolean readOnly) {
        add(new Slot(gpa, size, at(originalGpa, size), readOnly));
    }

    private synchronized void add(Slot slot) {
        for (Slot other : slots) {
            if (slot.gpa < other.gpa + other.size && other.gpa < slot.gpa + slot.size) {
                throw new IllegalArgumentException("guest memory at 0x%x overlaps 0x%x".formatted(slot.gpa, other.gpa));
            }
        }
        List<Slot> grown = new ArrayList<>(List.of(slots));
        grown.add(slot);
        slots = grown.toArray(Slot[]::new);
    }

    public List<Slot> slots() {
        return List.of(slots);
    }

    /** The slot that holds a guest-physical address, or null where there is no memory. */
    public Slot slot(long gpa) {
        for (Slot slot : slots) {
            if (slot.contains(gpa)) {
                return slot;
            }
        }
        return null;
    }

    public void addListener(ChangeListener listener) {
        listeners.add(listener);
    }

    /** A range of guest memory, which must lie in one slot. To write to it, {@link #change} it. */
    public MemorySegment at(long gpa, long bytes) {
        Slot slot = slot(gpa);
        if (slot == null || bytes < 0 || bytes > slot.size - (gpa - slot.gpa)) {
            throw new IndexOutOfBoundsException("no guest memory at 0x%x, %d bytes".formatted(gpa, bytes));
        }
        await(gpa, bytes);
        return slot.segment.asSlice(gpa - slot.gpa, bytes);
    }

    public byte[] read(long gpa, int bytes) {
        return at(gpa, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    public void write(long gpa, byte[] bytes) {
        change(gpa, bytes.length, place -> place.copyFrom(MemorySegment.ofArray(bytes)));
    }

    /** Lets {@code change} write to a range, which must lie in one slot; it may have written even if it fails. */
    public <E extends Exception> void change(long gpa, long bytes, Change<E> change) throws E {
        try {
            change.accept(at(gpa, bytes));
        } finally {
            changed(gpa, bytes);
        }
    }

    // ---- which pages are written to ------------------------------------------------------------------------------------

    /** Whether a {@link DirtyLog} wants to know of writes. */
    public boolean logsWrites() {
        return written != null;
    }

    /** Notes that {@link #change}, whose own writes are noted, was not the way by which a range was written to. */
    public void written(long gpa, long bytes) {
        PageSet pages = written;
        if (pages != null) {
            mark(pages, gpa, bytes);
        }
    }

    /** Adds the pages of a range in one slot to a set, by the address that they have as RAM; none if it is ROM. */
    public void mark(PageSet pages, long gpa, long bytes) {
        long address = bytes <= 0 ? NOT_RAM : ramAddress(gpa);
        if (address != NOT_RAM) {
            pages.add(address, bytes);
        }
    }

    /** The address that memory has as RAM. */
    private long ramAddress(long gpa) {
        Slot slot = slot(gpa);
        for (Ram part : ram) {
            long offset = slot == null ? -1 : slot.host(gpa) - part.slot.segment.address();
            if (offset >= 0 && offset < part.slot.size) {
                return part.slot.gpa + offset;
            }
        }
        return NOT_RAM;
    }

    /** RAM, without ROM and without second addresses. */
    public List<Slot> ramSlots() {
        return ram.stream().map(Ram::slot).toList();
    }

    /** Whether there is a {@link DirtyLog} of it. */
    public boolean isLogged() {
        return written != null;
    }

    synchronized PageSet beginLog() {
        if (written != null) {
            throw new IllegalStateException("writes to this memory are logged already");
        }
        requireWhole();
        written = new PageSet(pages());
        return written;
    }

    synchronized void endLog() {
        written = null;
    }

    // ---- what it was -----------------------------------------------------------------------------------------------------

    /** Keeps what each of {@link #ramSlots} holds now. Neither CPUs nor devices run. */
    public List<FrozenRam> freeze() {
        requireWhole();
        return ram.stream().map(part -> part.source.freeze(part.slot.segment)).toList();
    }

    /**
     * The pages of RAM that may hold something, by the address that they have as RAM, but for those to which somebody writes meanwhile. All others are zeros, and to read them would cost the
     * host memory.
     */
    public PageSet content() {
        PageSet found = new PageSet(pages());
        ram.forEach(part -> part.source.content(part.slot.segment, (offset, bytes) -> found.add(part.slot.gpa + offset, bytes)));
        return found;
    }

    /** Whether the page of RAM that begins there is none of {@link #content}: it never was written to, or was {@link #release released} and not written to since. */
    public boolean isHole(long gpa) {
        for (Ram part : ram) {
            if (part.slot.contains(gpa)) {
                return part.source.hole(part.slot.segment.asSlice(gpa - part.slot.gpa, PageSet.PAGE)) > 0;
            }
        }
        return false;
    }

    /** How many there can be in a set of this RAM's pages. */
    public long pages() {
        return ram.stream().mapToLong(part -> part.slot.gpa + part.slot.size).max().orElse(0) / PageSet.PAGE;
    }

    /** Gives RAM back what {@link #freeze} has kept. Neither CPUs nor devices run. */
    public void thaw(List<FrozenRam> frozen) {
        for (int i = 0; i < ram.size(); i++) {
            Ram part = ram.get(i);
            part.source.thaw(frozen.get(i), part.slot.segment, (offset, bytes) -> changed(part.slot.gpa + offset, bytes));
        }
    }

    /** The guest does without the content of these whole pages: the host may have them until they are written to. Ignored where no RAM is. */
    public void release(long gpa, long bytes) {
        for (Ram part : ram) {
            if (part.slot.contains(gpa) && bytes > 0 && bytes <= part.slot.size - (gpa - part.slot.gpa)) {
                forgo(gpa, bytes);
                MemorySegment pages = part.slot.segment.asSlice(gpa - part.slot.gpa, bytes);
                BitSet held = written == null ? all(pages) : held(part.source, pages);
                part.source.release(pages);
                for (int first = held.nextSetBit(0); first >= 0; first = held.nextSetBit(held.nextClearBit(first))) {
                    changed(gpa + (long) first * PageSet.PAGE, (long) (held.nextClearBit(first) - first) * PageSet.PAGE);
                }
            }
        }
    }

    private static BitSet all(MemorySegment pages) {
        BitSet all = new BitSet();
        all.set(0, (int) (pages.byteSize() / PageSet.PAGE));
        return all;
    }

    /** Pages that hold something. The others do not change, and whoever copies memory need not hear of them: a guest may release all that it never used. */
    private static BitSet held(RamSource source, MemorySegment pages) {
        BitSet found = new BitSet();
        long at = source.hole(pages);
        while (at < pages.byteSize()) {
            found.set((int) (at / PageSet.PAGE));
            at += PageSet.PAGE;
            at += at < pages.byteSize() ? source.hole(pages.asSlice(at)) : 0;
        }
        return found;
    }

    private void changed(long gpa, long bytes) {
        written(gpa, bytes);
        listeners.forEach(listener -> listener.changed(gpa, bytes));
    }

    // ---- what is elsewhere -----------------------------------------------------------------------------------------------

    /** From now on, who needs some of these pages, given by the addresses that they have as RAM, waits until they {@link #arrive}. Nobody uses memory yet. */
    public void expect(AbsentPages pages) {
        absent = pages;
    }

    /** What is expected and not here yet; null if nothing is. */
    public AbsentPages absent() {
        return absent;
    }

    /** Returns when the pages of a range in one slot are here. @throws AbsentPages.Lost if they never will be */
    public void await(long gpa, long bytes) {
        AbsentPages pages = absent;
        if (pages != null) {
            await(pages, gpa, bytes);
        }
    }

    private void await(AbsentPages pages, long gpa, long bytes) {
        long address = bytes <= 0 ? NOT_RAM : ramAddress(gpa);
        if (address != NOT_RAM) {
            for (long page = address / PageSet.PAGE; page <= (address + bytes - 1) / PageSet.PAGE; page++) {
                pages.await(page);
            }
        }
    }

    /**
     * Writes the content of a page of RAM that is expected; nothing happens if it is here already. When that was the last one, no more are expected.
     *
     * @param gpa its beginning
     */
    public <E extends Exception> void arrive(long gpa, Change<E> content) throws E {
        AbsentPages pages = absent;
        Slot slot = slot(gpa);
        if (pages != null && slot != null) {
            pages.arrive(gpa / PageSet.PAGE, () -> content.accept(slot.segment.asSlice(gpa - slot.gpa, PageSet.PAGE)));
            if (pages.left() == 0) {
                absent = null;
            }
        }
    }

    /** Nobody needs the content of these pages. */
    private void forgo(long gpa, long bytes) {
        for (long done = 0; absent != null && done < bytes; done += PageSet.PAGE) {
            arrive(gpa + done, place -> {});
        }
    }

    /** @throws IllegalStateException if something is expected */
    public void requireWhole() {
        if (absent != null) {
            throw new IllegalStateException("some of the machine's memory is still where it came from; wait until all of it is here");
        }
    }

    @Override
    public void close() {
        slots = new Slot[0];
        arena.close();
    }
}
