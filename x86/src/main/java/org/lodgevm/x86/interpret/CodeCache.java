package org.lodgevm.x86.interpret;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.lodgevm.machine.GuestMemory;

/**
 * All decoded blocks of a machine, by physical page; shared by its CPUs.
 *
 * <p>Stores to a page in here take the slow path, which reports them. When a page enters, every CPU gives up its write
 * access to it: the CPU that decodes at once, the others at their next block. One that was running may have stored to
 * the page in between, so it also drops what was decoded from it; after that it cannot store unnoticed.
 */
final class CodeCache {
    /** Decoded instructions kept, at some 130 bytes each; beyond, those that have not been translated are dropped, and decoding starts anew. */
    private static final int MOST_INSTRUCTIONS = 600_000;
    /** The same where they seem not to be needed again: so many, and twice what the last time has left. */
    private static final int MANY_INSTRUCTIONS = 50_000;
    /** As good as none, of those that have come. */
    private static final int FEW_INSTRUCTIONS = 1000;
    /** Instructions dropped whose blocks CPUs may still hold; beyond, they are told to let go of them. */
    private static final int MOST_DROPPED = 200_000;
    /** What a fused op's class takes, in instructions. */
    static final int CLASS = 32;

    /** Held by a CPU during a locked access that memory cannot exchange as one. @see Atomic */
    final ReentrantLock splitLock = new ReentrantLock();
    private final PageTable pages;
    private final AtomicInteger instructions = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final List<Cpu> cpus = new CopyOnWriteArrayList<>();
    private final GuestMemory memory;
    private final int fuseAfter;
    /** Decoded instructions when {@link #settle} was last asked, and when it last had dropped some. */
    private int seen;
    private int settled;

    /** @param fuseAfter entries after which a block's ops are fused */
    CodeCache(GuestMemory memory, int fuseAfter) {
        this.memory = memory;
        this.fuseAfter = fuseAfter;
        pages = new PageTable(memory.slots().stream().mapToLong(slot -> slot.gpa() + slot.size()).max().orElse(1));
        memory.addListener(this::changed);
    }

    void join(Cpu cpu) {
        cpus.add(cpu);
    }

    /** It does not run any more, and nothing is asked of it. */
    void leave(Cpu cpu) {
        cpus.remove(cpu);
    }

    int fuseAfter() {
        return fuseAfter;
    }

    boolean holdsCode(long physicalPage) {
        return pages.get(physicalPage) != null;
    }

    /** The page, entered if need be on behalf of {@code cpu}; locked by nobody. */
    CodePage page(Cpu cpu, long physical) {
        CodePage page = pages.get(physical);
        if (page != null) {
            return page;
        }
        CodePage entered = new CodePage(this, physical & ~0xfffL);
        if (!pages.replace(physical, null, entered)) {
            return page(cpu, physical);
        }
        for (Cpu c : cpus) {
            if (c == cpu) {
                revoke(c, entered);
            } else {
                c.revocations.request(entered);
            }
        }
        return entered;
    }

    /** Takes write access to the page from the CPU on whose thread this runs. */
    boolean revoke(Cpu cpu, CodePage page) {
        GuestMemory.Slot slot = memory.slot(page.physical);
        return slot != null && cpu.mmu.tlb.revokeWrite(slot.host(page.physical));
    }

    /**
     * Announces a store within one page.
     *
     * @throws RunAlone if the running block would change, and it is not a single instruction run alone
     */
    void beforeWrite(Cpu cpu, long physical, int size) {
        CodePage page = pages.get(physical);
        if (page != null && !cpu.solo && cpu.current != null && (cpu.current.page == page || cpu.current.second == page)
                && page.covers((int) physical & 0xfff, size)) {
            throw RunAlone.INSTANCE;
        }
    }

    /** Drops what was decoded from the bytes just written. */
    void afterWrite(long physical, int size) {
        CodePage page = pages.get(physical);
        if (page != null && page.covers((int) physical & 0xfff, size)) {
            pages.replace(physical, page, null);
            page.die();
        }
    }

    /** Drops what was decoded from memory that a device or a boot loader has just written. */
    private void changed(long gpa, long bytes) {
        for (long physical = gpa & ~0xfffL; physical < gpa + bytes; physical += 0x1000) {
            CodePage page = pages.get(physical);
            if (page != null) {
                remove(page);
            }
        }
    }

    void remember(int count) {
        instructions.addAndGet(count);
    }

    void forget(int count) {
        instructions.addAndGet(-count);
        if (dropped.addAndGet(count) > MOST_DROPPED) {
            dropped.set(0);
            cpus.forEach(cpu -> cpu.revocations.requestForgetting());
        }
    }

    /** Translations that begin where these blocks do are void: no CPU may go on in them. */
    void dropTranslations(List<Block> blocks) {
        cpus.forEach(cpu -> cpu.revocations.requestDropping(blocks));
    }

    /** Every CPU gives up its write access to all pages, on return. */
    void revokeWrites() {
        cpus.stream().map(cpu -> cpu.revocations.requestLogging()).toList().forEach(CompletableFuture::join);
    }

    /** Sees to it that there are not too many decoded instructions. To be called with no page locked. */
    void trim() {
        if (instructions.get() > MOST_INSTRUCTIONS) {
            pages.forEach(this::trim);
            if (instructions.get() > MOST_INSTRUCTIONS / 2) {
                clear();
            }
        }
    }

    /**
     * Drops what is decoded and has not been translated, if it is much and no more comes: then the guest does nothing new, and is not likely to need it soon.
     * To be asked by one thread, now and then while nothing becomes hot.
     *
     * @return whether there is no need to ask again
     */
    boolean settle() {
        int now = instructions.get();
        if (now <= 2 * settled + MANY_INSTRUCTIONS) {
            return true;
        }
        boolean quiet = Math.abs(now - seen) < FEW_INSTRUCTIONS;
        seen = now;
        if (quiet) {
            pages.forEach(this::trim);
            settled = instructions.get();
            cpus.forEach(cpu -> cpu.revocations.requestForgetting());
        }
        return quiet;
    }

    /** What is executed and has been translated; any thread. */
    List<HotPage> hotPages() {
        List<HotPage> hot = new ArrayList<>();
        pages.forEach(page -> hot.addAll(page.hot()));
        return hot;
    }

    private void trim(CodePage page) {
        if (!page.trim()) {
            remove(page);
        }
    }

    private void remove(CodePage page) {
        if (pages.replace(page.physical, page, null)) {
            page.die();
        }
    }

    void clear() {
        pages.forEach(this::remove);
    }
}
