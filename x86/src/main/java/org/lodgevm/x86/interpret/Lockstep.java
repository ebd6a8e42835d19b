package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.StateBlock;
import org.lodgevm.x86.translate.Archive;
import org.lodgevm.x86.translate.Exit;
import org.lodgevm.x86.translate.Translator;

/**
 * Runs blocks translated before they are interpreted, and compares. The translation has a state block of its own, with a TLB that leads
 * to copies of the guest's pages: it changes nothing, and the interpreter drives the guest.
 *
 * <p>A trial that does not come to the block's end (devices, faults, accesses that are the interpreter's) is not compared, nor are
 * flags that are undefined.
 */
final class Lockstep implements AutoCloseable {
    private static final int PAGE = 1 << PageWalker.PAGE_4K_BITS;
    private static final long CODE_BYTES = 16L << 20;
    /** Of a block's runs: so many first ones are tried, and then one in so many. */
    private static final int FIRST_RUNS = 32;
    private static final int RUNS_BETWEEN = 512;

    /** Translated and interpreted code are not the same. */
    static final class Difference extends RuntimeException {
        private static final long serialVersionUID = 1;

        Difference(String message) {
            super(message);
        }
    }

    private final Cpu c;
    private final Handover handover;
    private final Arena arena = Arena.ofShared();
    private final long shadow;
    private final Tlb tlb;
    private final ShadowPages pages = new ShadowPages(arena);
    private final Translator translator;
    private final Map<Block, Trial> trials = new HashMap<>();
    /** What was tried of the block that is being interpreted, and where it came to; or null. */
    private Trial tried;
    private long reached;
    private long compared;
    private long leftEarly;
    private long disturbed;

    Lockstep(Cpu cpu) {
        c = cpu;
        handover = new Handover(cpu);
        MemorySegment block = arena.allocate(StateBlock.SIZE, PAGE);
        shadow = block.address();
        tlb = new Tlb(shadow + StateBlock.TLB, shadow + StateBlock.SECOND_TLB);
        translator = new Translator(shadow, CODE_BYTES, row -> c.cpuid.shows(row.feature()), Archive.NONE);
    }

    @Override
    public void close() {
        translator.close();
        arena.close();
    }

    Map<String, Long> counters() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("compared", compared);
        all.put("leftEarly", leftEarly);
        all.put("disturbed", disturbed);
        return all;
    }

    /** Whether blocks end before it, so that what comes before can be compared. */
    boolean endsBefore(Instruction in) {
        return translator.leavesFor(in);
    }

    // --- before the block -----------------------------------------------------------------------------------------------

    void begin(Block block) {
        tried = null;
        int runs = block.entries();
        if (runs >= FIRST_RUNS && runs % RUNS_BETWEEN != 0 || block.page == null || block.second != null || !handover.suits()) {
            return;
        }
        Trial trial = trial(block);
        if (trial == null || trial.code == 0) {
            return;
        }
        enter(block);
        if (run(trial.code)) {
            tried = trial;
        } else {
            leftEarly++;
        }
    }

    private Trial trial(Block block) {
        Trial trial = trials.get(block);
        if (trial == null) {
            if (translator.full()) {
                translator.clear();
                trials.clear();
            }
            trial = Trial.of(c, block, translator);
            trials.put(block, trial);
        }
        return trial;
    }

    private void enter(Block block) {
        handover.enter();
        HostMemory.copy(c.block, shadow, StateBlock.TLB);
        put32(shadow + StateBlock.ATTENTION, 0);
        pages.clear();
        tlb.flush();
        tlb.fill(c.regime, block.linear, block.page.physical, 0, PageWalker.FETCH, false, PageWalker.PAGE_4K_BITS);
    }

    /** Whether it came to the end, {@link #reached} being where it would go on. */
    private boolean run(long start) {
        for (long code = start; code != 0; ) {
            long exit = translator.enter(code);
            switch (Exit.kind(exit)) {
                case Exit.MISS -> code = missed(exit) ? Exit.resume(exit) : 0;
                case Exit.LINK -> {
                    reached = Exit.rip(exit);
                    return true;
                }
                case Exit.LOOKUP -> {
                    reached = get64(shadow + StateBlock.RIP);
                    return c.mmu.canonical(reached);
                }
                default -> code = 0;
            }
        }
        return false;
    }

    /** Lets the trial access a copy of the page that it needs. */
    private boolean missed(long exit) {
        long linear = get64(shadow + StateBlock.MISSED);
        if (!c.mmu.canonical(linear) || (linear & Exit.misalignment(exit)) != 0 || (linear & PAGE - 1) > PAGE - Exit.size(exit)
                || c.breakpoints.watches(linear & -PAGE) || c.alignmentCheck) {
            return false;
        }
        int access = Exit.access(exit);
        long host = host(linear, access);
        long copy = host == Mmu.DEVICE ? 0 : pages.copyOf(host & -PAGE);
        if (copy == 0) {
            return false;
        }
        tlb.fill(c.regime, linear, 0, copy, access | PageWalker.READ, false, PageWalker.PAGE_4K_BITS);
        tlb.forgetSecond(); // the next miss, too, is to find what the interpreter will find
        return true;
    }

    /** Where the interpreter will find it, be the TLB's entry right or old; {@link Mmu#DEVICE} if it will find no RAM. */
    private long host(long linear, int access) {
        long entry = c.tlb + Tlb.entry(linear);
        if (get64(entry + (access == PageWalker.WRITE ? Tlb.WRITE : Tlb.READ)) == (linear & -PAGE)) {
            return linear + get64(entry + Tlb.ADDEND);
        }
        try {
            return c.mmu.translate(linear, access, c.regime);
        } catch (GuestFault fault) {
            return Mmu.DEVICE;
        }
    }

    // --- after the block ------------------------------------------------------------------------------------------------

    /** The block was interpreted to its end. */
    void end(Block block) {
        if (tried == null || tried.repeats && c.rip != reached) {
            return;
        }
        long place = pages.difference();
        if (place != 0) {
            throw new Difference(tried.describe("a byte of memory, at guest physical address %x of RAM that it wrote,"
                    .formatted(physical(place))));
        }
        if (pages.disturbed()) {
            disturbed++;
            return;
        }
        handover.enter();
        String difference = c.rip != reached ? "rIP is %x translated and %x interpreted".formatted(reached, c.rip)
                : RegisterComparison.difference(shadow, c.block, ~tried.undefined);
        if (difference != null) {
            throw new Difference(tried.describe(difference));
        }
        compared++;
    }

    private long physical(long host) {
        return c.bus.memory().slots().stream().filter(slot -> host >= slot.host(slot.gpa()) && host < slot.host(slot.gpa()) + slot.size())
                .mapToLong(slot -> slot.gpa() + host - slot.host(slot.gpa())).findFirst().orElse(-1);
    }
}
