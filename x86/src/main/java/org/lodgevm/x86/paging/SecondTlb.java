package org.lodgevm.x86.paging;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.lodgevm.machine.HostMemory;

/**
 * What {@link Tlb} is refilled from by translated code, without coming out: larger, spread otherwise, so that pages which share an
 * entry there seldom share one here, and not emptied when the guest changes to another address space and back.
 *
 * <p>It lies off heap: {@link #LOCAL} and {@link #GLOBAL}, then for each regime its entries of two longs. The tag is a page's linear
 * address and, in the bits below, the generation it is of; in the same bits, what is to be added has the accesses that are allowed.
 * An entry counts if its generation is the present one of its kind, global pages being of a kind of their own. So that to forget costs
 * nothing: another generation begins. Each PCID has its own, which is what it comes back to.
 *
 * @sdm 4.10.1
 */
public final class SecondTlb {
    public static final int ENTRIES = 1 << 14;
    public static final int ENTRY_SHIFT = 4;
    /** In an entry: the tag, and what to add to a linear address to get the host's. */
    public static final int TAG = 0;
    public static final int ADDEND = 8;
    public static final int REGIME_BYTES = ENTRIES << ENTRY_SHIFT;
    /** The present generations of pages that are not global, and of those that are: 8 bytes each. */
    public static final int LOCAL = 0;
    public static final int GLOBAL = 8;
    /** By what bits the offset of an entry for a local page differs from that for a global one: 4 bytes. */
    public static final int SPREAD = 16;
    /** How many entries of the first TLB have been refilled since it was last flushed: 4 bytes; not more than {@link #MOST_REFILLED}. */
    public static final int REFILLED = 20;
    public static final int MOST_REFILLED = 1024;
    /** Their offsets: 4 bytes each. */
    public static final int REFILLED_OFFSETS = 64;
    /** The entries. */
    public static final int TABLE = REFILLED_OFFSETS + 4 * MOST_REFILLED;
    public static final int BYTES = TABLE + Tlb.REGIMES * REGIME_BYTES;
    /** The page's number and the same shifted so far choose the entry. */
    public static final int HASH_SHIFT = 12;

    private static final int PAGE = 1 << PageWalker.PAGE_4K_BITS;
    /** They are even for local pages and odd for global ones, and 0 is no page's. */
    private static final int FIRST = 2;
    private static final int LAST = PAGE - 2;
    /** Odd, and without pattern, so that the same pages of several address spaces lie anywhere. */
    private static final int SCATTER = 0x9e3b;

    private final long address;
    /** Of every PCID; older than {@link #oldest} if it has to begin another. */
    private final int[] generations = new int[PAGE];
    private int next = FIRST;
    private int oldest = FIRST;
    private long local;
    private long global;

    /** @param address of {@link #BYTES} bytes, which are 0 */
    SecondTlb(long address) {
        this.address = address;
        forget();
    }

    /** A regime's entry for an address. @param spread of the generation, 0 for global pages */
    private long entry(int regime, long linear, int spread) {
        long page = linear >>> PageWalker.PAGE_4K_BITS;
        int offset = ((int) (page ^ page >>> HASH_SHIFT) & ENTRIES - 1) << ENTRY_SHIFT;
        return address + TABLE + regime * REGIME_BYTES + (offset ^ spread);
    }

    private static int spread(long generation) {
        return ((int) generation * SCATTER >>> 1 & ENTRIES - 1) << ENTRY_SHIFT;
    }

    /** @param addend a multiple of the page's size @param allowed as {@link PageWalker} has it */
    void fill(int regime, long page, long addend, int allowed, boolean isGlobal) {
        long entry = entry(regime, page, isGlobal ? 0 : spread(local));
        put64(entry + TAG, page | (isGlobal ? global : local));
        put64(entry + ADDEND, addend | allowed);
    }

    /** Forgets everything. */
    void forget() {
        forgetLocal();
        global(local | 1);
    }

    /** Forgets all but global pages, of every PCID. */
    void forgetLocal() {
        oldest = next;
        local(begin());
    }

    /** Forgets all but global pages of one PCID, and of the present one. */
    void forget(int pcid) {
        generations[pcid] = 0;
        local(begin());
    }

    /** Goes on with a PCID, from where it was left or anew. */
    void enter(int pcid, boolean keep) {
        if (!keep || generations[pcid] < oldest) {
            generations[pcid] = begin();
        }
        local(generations[pcid]);
    }

    /** Forgets a page that is global or of the present PCID. */
    void forgetPage(long linear) {
        forgetPage(linear, 0L);
        forgetPage(linear, local);
    }

    /** Forgets a page of a PCID. */
    void forgetPage(long linear, int pcid) {
        forgetPage(linear, (long) generations[pcid]);
    }

    private void forgetPage(long linear, long generation) {
        for (int regime = 0; regime < Tlb.REGIMES; regime++) {
            put64(entry(regime, linear, spread(generation)) + TAG, 0);
        }
    }

    /** Tells the numbers of the first TLB's entries that were refilled since it was last asked, some more than once. */
    void takeRefilled(IntConsumer numbers) {
        int count = get32(address + REFILLED);
        put32(address + REFILLED, 0);
        if (count < MOST_REFILLED) {
            for (int i = 0; i < count; i++) {
                numbers.accept(get32(address + REFILLED_OFFSETS + 4L * i) / Tlb.ENTRY_BYTES);
            }
        } else {
            for (int number = 0; number < Tlb.REGIMES * Tlb.ENTRIES; number++) {
                numbers.accept(number);
            }
        }
    }

    private void local(long generation) {
        local = generation;
        put64(address + LOCAL, local);
        put32(address + SPREAD, spread(local));
    }

    private void global(long generation) {
        global = generation;
        put64(address + GLOBAL, global);
    }

    private int begin() {
        if (next > LAST) {
            HostMemory.fill(address + TABLE, BYTES - TABLE, 0);
            Arrays.fill(generations, 0);
            oldest = FIRST;
            global(FIRST | 1);
            next = FIRST + 2;
        }
        int generation = next;
        next += 2;
        return generation;
    }
}
