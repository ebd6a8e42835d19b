package org.lodgevm.x86.interpret;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.decode.Instruction;

/** A physical page from which blocks were decoded: the blocks, and which of its bytes they cover. Guarded by itself. */
final class CodePage {
    /** A page that has yielded this many blocks starts over: the same bytes mapped at ever new addresses, for instance. */
    private static final int MOST_BLOCKS = 4096;
    private static final int PAGE = 0x1000;

    final long physical;
    private final CodeCache cache;
    /** Decoded from here; fused ops are counted for as many as they take the room of. */
    private int instructions;
    private final long[] covered = new long[64];
    private Block[] table = new Block[16];
    private final List<Block> blocks = new ArrayList<>();
    /** Removed from the cache: whoever still holds it must look it up again. */
    private boolean dead;
    /** Bytes of it went into translations, which nobody may run when they have changed. */
    private boolean translated;

    CodePage(CodeCache cache, long physical) {
        this.cache = cache;
        this.physical = physical;
    }

    /** How often a block is entered before it is fused. */
    int fuseAfter() {
        return cache.fuseAfter();
    }

    /** All of its bytes as they are now. */
    byte[] bytes(GuestMemory memory) {
        return bytes(memory, null);
    }

    /** Copies them. */
    void copy(GuestMemory memory, byte[] to) {
        MemorySegment.copy(HostMemory.segment(host(memory), PAGE), ValueLayout.JAVA_BYTE, 0, to, 0, PAGE);
    }

    /**
     * The same, and behind them those that an instruction may have in the page after it.
     *
     * @param next may be null: there are no more bytes then
     */
    byte[] bytes(GuestMemory memory, CodePage next) {
        byte[] bytes = new byte[next == null ? PAGE : PAGE + Instruction.MAX_LENGTH - 1];
        copy(memory, bytes);
        if (next != null) {
            int more = bytes.length - PAGE;
            MemorySegment.copy(HostMemory.segment(next.host(memory), more), ValueLayout.JAVA_BYTE, 0, bytes, PAGE, more);
        }
        return bytes;
    }

    long host(GuestMemory memory) {
        return memory.slot(physical).host(physical);
    }

    synchronized boolean dead() {
        return dead;
    }

    synchronized Block find(long linear, long rip, int context) {
        for (int slot = slot(linear);; slot = slot + 1 & table.length - 1) {
            Block block = table[slot];
            if (block == null) {
                return null;
            }
            if (block.is(linear, rip, context) && block.valid) {
                return block;
            }
        }
    }

    /** Enters a block that covers {@code length} bytes of this page from {@code offset} on. */
    synchronized void add(Block block, int offset, int length) {
        makeRoom();
        enter(block);
        cover(offset, length);
    }

    private void enter(Block block) {
        if (block.second == null || block.page == this) {
            insert(block);
        }
        blocks.add(block);
        int size = Math.max(block.instructions, 1); // one that is not decoded takes room, too
        instructions += size;
        cache.remember(size);
    }

    /** For one more block, which {@link #add} then does not drop all others for. */
    synchronized void makeRoom() {
        if (blocks.size() >= MOST_BLOCKS) {
            clear();
        }
    }

    /** A block of this page has got fused ops. */
    void fused(int classes) {
        synchronized (this) {
            instructions += classes * CodeCache.CLASS;
            cache.remember(classes * CodeCache.CLASS);
        }
        cache.trim();
    }

    private void insert(Block block) {
        if (blocks.size() * 2 >= table.length) {
            Block[] old = table;
            table = new Block[old.length * 2];
            for (Block b : old) {
                if (b != null) {
                    place(b);
                }
            }
        }
        place(block);
    }

    private void place(Block block) {
        int slot = slot(block.linear);
        while (table[slot] != null) {
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = block;
    }

    private int slot(long linear) {
        return (int) (linear * 0x9e37_79b9L >>> 16) & table.length - 1;
    }

    synchronized boolean covers(int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if ((covered[i >> 6] >>> i & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    /** An instruction at that offset is part of a translation. */
    synchronized void translated(int offset, int length) {
        translated = true;
        cover(offset, length);
    }

    private void cover(int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            covered[i >> 6] |= 1L << i;
        }
    }

    /** Drops all blocks; the page stays known as one of code. */
    synchronized void clear() {
        cache.forget(instructions);
        instructions = 0;
        List<Block> gone = List.copyOf(blocks);
        gone.forEach(block -> block.valid = false);
        blocks.clear();
        table = new Block[16];
        java.util.Arrays.fill(covered, 0);
        if (translated) {
            translated = false;
            cache.dropTranslations(gone);
        }
    }

    /**
     * Drops what is decoded, but not what is translated, nor single instructions that lie over a boundary, of which another page knows.
     *
     * @return whether anything is left
     */
    synchronized boolean trim() {
        List<Block> before = List.copyOf(blocks);
        cache.forget(instructions);
        instructions = 0;
        blocks.clear();
        table = new Block[16];
        for (Block block : before) {
            if (block.second == null && block.valid) {
                block.valid = false;
                if (block.stage() == Block.Stage.MADE) {
                    enter(block.undecoded());
                }
            } else if (block.valid) {
                enter(block);
            }
        }
        return !blocks.isEmpty();
    }

    /**
     * One for each address and context that something was translated for, if it is 64-bit code. What was executed is told of all of them together, by the bytes
     * that are covered: blocks in the midst of a translation are not kept.
     */
    synchronized Collection<HotPage> hot() {
        BitSet executed = BitSet.valueOf(covered);
        Map<List<Long>, HotPage> hot = new HashMap<>();
        for (Block block : blocks) {
            if (block.valid && block.second == null && block.stage() == Block.Stage.MADE && Cpu.context64(block.context) != null) {
                hot.computeIfAbsent(List.of(block.rip & -PAGE, (long) block.context),
                        _ -> new HotPage(physical, block.rip & -PAGE, block.context, executed, new BitSet(PAGE))).entries().set((int) block.rip & PAGE - 1);
            }
        }
        return hot.values();
    }

    synchronized void die() {
        clear();
        dead = true;
    }
}
