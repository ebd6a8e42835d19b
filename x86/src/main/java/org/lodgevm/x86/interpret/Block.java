package org.lodgevm.x86.interpret;

import org.lodgevm.x86.paging.Tlb;

/** A run of instructions with one entry, decoded: part of one page, or a single instruction that lies over two. */
final class Block {
    private static final int PAGE = 0x1000;
    private static final long[] UNTRANSLATED = {};
    private static final Op[] NOT_DECODED = {};

    final long linear;
    final long rip;
    final int context;
    /** As decoded. */
    private final Op[] ops;
    /** The first of the ops to run, which are linked: those decoded or, once the block is hot, fused ones. */
    private volatile Op first;
    /** How often the block has been entered here, not in its translations. */
    private int entries;
    /** By CPU: what {@link Translations} keeps about it; 0 at first. */
    private long[] translations = UNTRANSLATED;
    private volatile Stage stage = Stage.UNASKED;
    /** How many instructions the ops are. */
    final int instructions;
    /** rIP after the last instruction. */
    final long next;
    final CodePage page;
    /** The second page, where the block is one instruction over a boundary; else null. */
    final CodePage second;
    /** Where the TLB has what for the first page if this block may be fetched. */
    final int fetchEntry;
    final long fetchTag;
    /** Cleared, never set again, when the bytes it was decoded from change. */
    volatile boolean valid = true;

    Block(long linear, long rip, int context, Op[] ops, int instructions, long next, CodePage page, CodePage second) {
        this.linear = linear;
        this.rip = rip;
        this.context = context;
        this.ops = ops;
        this.first = link(ops);
        this.instructions = instructions;
        this.next = next;
        this.page = page;
        this.second = second;
        fetchEntry = Tlb.fetchEntry(linear);
        fetchTag = page == null ? 0 : Tlb.fetchTag(linear, page.physical);
    }

    /** How far a translation has come that begins here, whichever CPU wants it. */
    enum Stage {
        UNASKED,
        ASKED,
        /** It is in the archive. */
        MADE,
        /** The archive cannot have it. */
        REFUSED
    }

    /** One of which nothing is known but that it has been translated before. */
    Block(long linear, long rip, int context, CodePage page) {
        this(linear, rip, context, NOT_DECODED, 0, rip, page, null);
    }

    boolean isDecoded() {
        return ops != NOT_DECODED;
    }

    private static Op link(Op[] ops) {
        for (int i = 1; i < ops.length; i++) {
            ops[i - 1].following = ops[i];
        }
        return ops == NOT_DECODED ? null : ops[0];
    }

    /** The first op, for one run of the block. Entries are counted without care for other CPUs: it is a hint. */
    Op enter() {
        if (++entries == (page == null ? 0 : page.fuseAfter())) {
            fuse();
        }
        return first;
    }

    int entries() {
        return entries;
    }

    /** A CPU asks for its own translation only, so that nobody else changes the answer. */
    long translation(int cpu) {
        long[] known = translations;
        return cpu < known.length ? known[cpu] : 0;
    }

    synchronized void translation(int cpu, long address) {
        if (cpu >= translations.length) {
            translations = java.util.Arrays.copyOf(translations, cpu + 1);
        }
        translations[cpu] = address;
    }

    Stage stage() {
        return stage;
    }

    /** Whether the caller is the one to see to its translation, which nobody has been asked for before. */
    synchronized boolean ask() {
        boolean first = stage == Stage.UNASKED;
        stage = first ? Stage.ASKED : stage;
        return first;
    }

    synchronized void answer(Stage made) {
        stage = made;
    }

    /** It has become part of another translation: none is made that begins here before it has been entered as often again. */
    synchronized void withdraw() {
        if (stage == Stage.ASKED) {
            stage = Stage.UNASKED;
            entries = 0;
        }
    }

    /** Takes over the translations of one that was not decoded. */
    void inherit(Block other) {
        long[] known = other.translations;
        synchronized (this) {
            translations = known.clone();
            stage = other.stage;
        }
    }

    /** One in its place of which nothing is known but its translations. */
    Block undecoded() {
        Block block = new Block(linear, rip, context, page);
        block.inherit(this);
        return block;
    }

    private void fuse() {
        if (ops.length > 1) {
            Op[] fused = Fusion.fuse(ops);
            first = link(fused);
            page.fused(fused.length);
        }
    }

    /** Linear address of the page after the first. */
    long secondPage() {
        return (linear & -PAGE) + PAGE;
    }

    Op[] ops() {
        return ops;
    }

    /** How many instructions come before one of the ops as decoded. */
    int instructionsBefore(Op op) {
        int count = 0;
        for (int i = 0; ops[i] != op; i++) {
            count += ops[i].instructions;
        }
        return count;
    }

    boolean is(long otherLinear, long otherRip, int otherContext) {
        return linear == otherLinear && rip == otherRip && context == otherContext;
    }
}
