package org.lodgevm.x86.translate;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.state.StateBlock;

/** Translations for one CPU, and the way to run them. For the CPU's own thread. */
public final class Translator implements AutoCloseable {
    /** Room for a translation of the longest regions; none that is longer still is kept, and distances within one fit into 16 bits. */
    private static final int LONGEST = 200 * 256;
    private static final int ALIGNMENT = 16;
    /** A jump target has two places, whose numbers differ in this. */
    static final int SECOND = 1;
    /** In each byte of a key that no context has. */
    private static final int NO_KEY = -1;

    private final long block;
    private final CodeMemory memory;
    private final BackEnd backEnd;
    private final Predicate<Row> known;
    private final Archive archive;
    private long free;
    private long limit;
    private long archived;
    private long copied;
    private final LongAdder instructions = new LongAdder();
    private final LongAdder regions = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /**
     * @param block the CPU's {@link StateBlock}
     * @param bytes of memory for code
     * @param known which instructions the guest may execute; those that the host lacks are left to the interpreter
     * @param archive of translations that it may use, and adds its own to
     */
    public Translator(long block, long bytes, Predicate<Row> known, Archive archive) {
        this.block = block;
        this.known = known;
        this.archive = archive;
        memory = CodeMemory.allocate(bytes);
        backEnd = new X86BackEnd(memory);
        limit = memory.address() + memory.bytes() - LONGEST;
        clear();
    }

    /** Why there can be no translator on this host, or null. */
    public static String unavailable() {
        String other = X86BackEnd.unavailable();
        return other != null ? other : CodeMemory.unavailable();
    }

    /** What takes the JVM long when it is done for the first time, and is the same for all translators. */
    public static void prepare() {
        Gate.link();
    }

    /** Place in the cache of jump targets, which translated code finds by the address's lowest bits alone. */
    static int slot(long rip) {
        return (int) rip & StateBlock.JUMPS - 1;
    }

    /** Whether there is no room for another translation: time to {@link #clear}. */
    public boolean full() {
        return free > limit;
    }

    /** Forgets all translations. */
    public void clear() {
        free = align(memory.address() + backEnd.bytes());
        forgetJumps();
    }

    private static long align(long address) {
        return address + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Empties the cache of jump targets. A place is empty by its key: a guest can jump to any address. */
    public void forgetJumps() {
        HostMemory.fill(block + StateBlock.JUMP_KEY, 4L * StateBlock.JUMPS, NO_KEY);
    }

    /**
     * Translates 64-bit code, or 32-bit code in segments without limits.
     *
     * @param rip where to begin
     * @param physical address of the page
     * @param context whose key {@link #remember} names the targets of its jumps with
     * @return the host address, or 0 if the first instruction is the interpreter's, or the translation too long
     */
    public long translate(Source source, long rip, long physical, Context context) {
        long start = System.nanoTime();
        long address = place(new Region(source, rip, context.size(), this::kind), physical, context);
        nanos.add(System.nanoTime() - start);
        return address;
    }

    /**
     * Translates into the archive, from where {@link #archived} takes it; for any thread.
     *
     * @return what was made, or null if the archive cannot have it
     */
    public Made record(Source source, long rip, long physical, Context context) {
        long start = System.nanoTime();
        Region region = new Region(source, rip, context.size(), this::kind);
        BackEnd.Code code = isOurs(region) ? backEnd.lower(region, memory.address(), physical, context) : null;
        boolean kept = code != null && code.bytes().length <= LONGEST && archive.recording().add(region, context.key(), code, 0);
        nanos.add(System.nanoTime() - start);
        if (!kept) {
            return null;
        }
        count(region);
        return new Made(region.instructions(), code.bytes().length);
    }

    /**
     * A translation.
     *
     * @param bytes of host code
     */
    public record Made(int instructions, int bytes) {}

    private static boolean isOurs(Region region) {
        return !region.blocks.isEmpty() && region.blocks.getFirst().steps.getFirst().kind != Kind.INTERPRET;
    }

    private void count(Region region) {
        regions.increment();
        instructions.add(region.instructions());
    }

    /** The same for so many instructions in a row, fewer than 200, however often they are executed: they leave at their end. */
    public long translateAlone(Source source, long rip, long physical, Context context, int count) {
        return place(new Region(source, rip, context.size(), this::kind, count), physical, context);
    }

    private long place(Region region, long physical, Context context) {
        if (!isOurs(region)) {
            return 0;
        }
        long address = free;
        BackEnd.Code code = backEnd.lower(region, address, physical, context);
        if (code.bytes().length > LONGEST) {
            return 0;
        }
        memory.write(address, code.bytes());
        free = align(address + code.bytes().length);
        count(region);
        if (archive.recording() != null) {
            archive.recording().add(region, context.key(), code, address - memory.address());
        }
        return address + Head.BYTES;
    }

    /**
     * A translation that the archive has, made from the same bytes: by another CPU, for another address, or in another run.
     *
     * @param page host address of what the page holds
     * @param key of the context
     * @return the host address, or 0
     */
    public long archived(Source source, long rip, long page, long physical, int key) {
        long record = archive.file() == null ? 0 : archive.file().find(rip, key, page);
        if (record != 0) {
            archived++;
            return copy(record, source, rip, physical);
        }
        if (archive.recording() == null) {
            return 0;
        }
        synchronized (archive.recording()) {
            record = archive.recording().find(rip, key, page);
            if (record == 0) {
                return 0;
            }
            copied++;
            return copy(record, source, rip, physical);
        }
    }

    /** Whether {@link #archived} finds something, for any thread. */
    public boolean has(long rip, int key, long page) {
        return archive.file() != null && archive.file().find(rip, key, page) != 0 || archive.recording() != null && archive.recording().has(rip, key, page);
    }

    private long copy(long record, Source source, long rip, long physical) {
        ArchiveRecord.use(record, rip, source);
        long address = free;
        int bytes = ArchiveRecord.hostBytes(record);
        memory.write(address, ArchiveRecord.host(record), bytes);
        backEnd.adapt(record, address, rip, physical);
        memory.write64(Head.pageField(address + Head.BYTES), rip & -Source.PAGE);
        for (long at = ArchiveRecord.numbers(record); at < ArchiveRecord.addresses(record); at += ArchiveRecord.OFFSET_BYTES) {
            memory.write32(address + HostMemory.get16(at), source.laterCallOut());
        }
        free = align(address + bytes);
        return address + Head.BYTES;
    }

    /** Whether translations leave to the interpreter for it. */
    public boolean leavesFor(Instruction in) {
        Kind kind = kind(in);
        return kind.isCalledOut() || kind == Kind.INTERPRET;
    }

    private Kind kind(Instruction in) {
        if (!known.test(in.row())) {
            return Kind.INTERPRET;
        }
        Kind kind = Kind.of(in);
        return kind.endsBlock() || kind == Kind.FENCE || backEnd.executes(in.row()) ? kind : Kind.CALL_OUT;
    }

    /** Runs translated code, registers being in the state block, until it comes back with an {@link Exit}. */
    public long enter(long code) {
        return backEnd.enter(block, code);
    }

    /**
     * CMPXCHG16B, atomic against that of translated code. It can be called without the guest's state being anywhere.
     *
     * @param address on the host, aligned
     * @param operands host address of four longs: the expected value, which becomes the old one, and the new value, low half first
     * @return whether it was exchanged
     */
    public boolean compareAndExchange16(long address, long operands) {
        return backEnd.compareAndExchange16(address, operands);
    }

    /** Makes the jump that led to an exit of kind {@link Exit#LINK} lead to its target. */
    public void link(long exit, long code) {
        if (Head.page(code) == Head.page(Exit.region(exit)) && !Head.alwaysGuarded(code)) {
            backEnd.link(exit, code, false);
            return;
        }
        long first = Head.firstLink(code);
        memory.write32(Exit.nextField(exit), first == 0 ? 0 : (int) (first - code));
        memory.write32(Head.linksField(code), (int) (exit - code));
        backEnd.link(exit, code, true);
    }

    /** Has jumps that were linked to that translation's guard ask again where they lead to. */
    public void unlink(long code) {
        for (long exit = Head.firstLink(code); exit != 0; exit = Head.nextLink(code, exit)) {
            backEnd.unlink(exit);
        }
        memory.write32(Head.linksField(code), 0);
    }

    /** Enters a target into the cache of jump targets; what was in its place moves to the second place. */
    public void remember(long rip, int key, long code) {
        int slot = slot(rip);
        if (key(slot) != NO_KEY && !isAt(slot, rip, key)) {
            put(slot ^ SECOND, rip(slot), key(slot), HostMemory.get64(block + StateBlock.JUMP_CODE + 8L * slot));
        }
        put(slot, rip, key, code);
    }

    private void put(int slot, long rip, int key, long code) {
        HostMemory.put64(block + StateBlock.JUMP_RIP + 8L * slot, rip);
        HostMemory.put32(block + StateBlock.JUMP_KEY + 4L * slot, key);
        HostMemory.put64(block + StateBlock.JUMP_CODE + 8L * slot, code);
    }

    private long rip(int slot) {
        return HostMemory.get64(block + StateBlock.JUMP_RIP + 8L * slot);
    }

    private int key(int slot) {
        return HostMemory.get32(block + StateBlock.JUMP_KEY + 4L * slot);
    }

    private boolean isAt(int slot, long rip, int key) {
        return rip(slot) == rip && key(slot) == key;
    }

    /** Removes a target from the cache of jump targets. */
    public void forget(long rip, int key) {
        int slot = slot(rip);
        forget(slot, rip, key);
        forget(slot ^ SECOND, rip, key);
    }

    private void forget(int slot, long rip, int key) {
        if (isAt(slot, rip, key)) {
            HostMemory.put32(block + StateBlock.JUMP_KEY + 4L * slot, NO_KEY);
        }
    }

    /** The address behind the last translation. */
    public long end() {
        return free;
    }

    /** Instructions translated so far. */
    public long instructions() {
        return instructions.sum();
    }

    public long regions() {
        return regions.sum();
    }

    /** Regions found in the archive's file, beside those translated. */
    public long archived() {
        return archived;
    }

    /** Regions taken from what this run has translated, for whichever CPU and address. */
    public long copied() {
        return copied;
    }

    /** Time spent translating. */
    public long nanos() {
        return nanos.sum();
    }

    @Override
    public void close() {
        memory.close();
    }
}
