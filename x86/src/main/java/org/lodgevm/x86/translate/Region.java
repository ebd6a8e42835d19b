package org.lodgevm.x86.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.CodeSize;

/**
 * Basic blocks of one page that are translated together: those reached from the first by direct jumps, as far as they have
 * been executed before. An instruction over the page's end is a region of its own.
 */
final class Region {
    private static final int PAGE = Source.PAGE;
    private static final int MOST_INSTRUCTIONS = 200;

    /** A run of instructions with one entry and, at its end, up to two successors. */
    static final class Block {
        final long rip;
        final List<Step> steps = new ArrayList<>();
        /** Where it falls through to if its last instruction is no jump, or null. */
        Block fallsTo;
        Block branchesTo;
        /** rIP after the last instruction. */
        long end;
        int predecessors;
        /** Something in the region, at its own place or behind it, jumps here. */
        boolean loops;
        boolean flagsWanted;
        /** Its place in {@link #blocks}. */
        int number;

        Block(long rip) {
            this.rip = rip;
        }

        Step last() {
            return steps.getLast();
        }

        boolean isMerge() {
            return predecessors != 1;
        }
    }

    private final Source source;
    private final long page;
    private final Executable executable;
    private final CodeSize size;
    private final int most;
    private final Decoder decoder = new Decoder();
    /** By offset in the page. */
    private final Map<Integer, Block> blockAt = new HashMap<>();
    private final Map<Integer, Step> stepAt = new HashMap<>();
    private int instructions;
    /** In the order in which they are laid out. */
    final List<Block> blocks = new ArrayList<>();

    /** How an instruction is lowered, as far as guest and host have it. */
    interface Executable {
        Kind kind(Instruction in);
    }

    /**
     * @param entry linear address, and rIP, of the first block
     */
    Region(Source source, long entry, CodeSize size, Executable executable) {
        this(source, entry, size, executable, source.isOverBoundary() ? 1 : MOST_INSTRUCTIONS);
    }

    /**
     * @param most instructions; if fewer than usual, there is only the first block
     */
    Region(Source source, long entry, CodeSize size, Executable executable, int most) {
        this.source = source;
        this.most = most;
        this.executable = executable;
        this.size = size;
        page = entry & -PAGE;
        discover(entry);
        arrange(entry);
        findLoops();
        wantFlags();
    }

    int instructions() {
        return instructions;
    }

    /** The bytes, by their offsets in the page, that were decoded. */
    BitSet covered() {
        BitSet covered = new BitSet(PAGE);
        stepAt.forEach((offset, step) -> covered.set(offset, offset + step.in.length()));
        return covered;
    }

    /** The page's bytes, all of them. */
    byte[] page() {
        return source.bytes();
    }

    /** Linear address of the page. */
    long pageAddress() {
        return page;
    }

    /** Physical address of the page behind it, if it reaches into that; else -1. */
    long second() {
        return source.second();
    }

    /** Of the first block in the page. */
    int entryOffset() {
        return offset(blocks.getFirst().rip);
    }

    boolean is64() {
        return size.is64();
    }

    private int offset(long rip) {
        return (int) (rip - page);
    }

    private boolean isInPage(long rip) {
        return rip >= page && rip < page + PAGE;
    }

    /** Decodes all there is to be decoded, and marks where blocks begin. */
    private void discover(long entry) {
        Deque<Long> open = new ArrayDeque<>();
        open.add(entry);
        blockAt.put(offset(entry), new Block(entry));
        while (!open.isEmpty()) {
            long rip = open.remove();
            boolean here = rip == entry;
            boolean ended = false;
            while (!ended && isFree(rip) && (here || !source.translated(rip)) && instructions < most) {
                Step step = decode(rip);
                if (step == null) {
                    break;
                }
                stepAt.put(offset(rip), step);
                instructions++;
                source.use(rip, step.in.length());
                if (step.kind == Kind.BRANCH || step.kind == Kind.JUMP && step.in.row().immediate() != null) {
                    begin(step.target(), open);
                }
                if (step.kind.endsBlock() && step.kind.fallsThrough()) {
                    begin(step.next, open);
                }
                ended = step.kind.endsBlock();
                rip = step.next;
                here = step.bindsNext();
            }
            if (!ended && isInPage(rip) && stepAt.get(offset(rip)) != null && blockAt.get(offset(rip)) == null) {
                blockAt.put(offset(rip), new Block(rip)); // two ways into the same code
            }
        }
    }

    private boolean isFree(long rip) {
        return isInPage(rip) && stepAt.get(offset(rip)) == null;
    }

    private boolean isAlone() {
        return most < MOST_INSTRUCTIONS;
    }

    private void begin(long rip, Deque<Long> open) {
        if (!isAlone() && isInPage(rip) && blockAt.get(offset(rip)) == null && (stepAt.get(offset(rip)) != null || source.executed(rip))) {
            blockAt.put(offset(rip), new Block(rip));
            open.add(rip);
        }
    }

    /** Null where no whole instruction is known to lie; what is not for us ends a block as the interpreter's. */
    private Step decode(long rip) {
        Instruction in = new Instruction();
        int offset = offset(rip);
        if (decoder.decode(source.bytes(), offset, source.bytes().length - offset, size, in) != Outcome.DECODED) {
            return null;
        }
        Kind kind = executable.kind(in);
        Step step = new Step(in, jumpsNowhere(in, kind, rip) ? Kind.INTERPRET : kind, rip);
        if (step.kind.isNumbered()) {
            step.callOut = source.callOut(in, rip);
        }
        return step;
    }

    /** Whether it is a direct jump to an address that none can be, which the jump itself faults for. */
    private static boolean jumpsNowhere(Instruction in, Kind kind, long rip) {
        long target = rip + in.length() + in.imm();
        boolean direct = kind == Kind.BRANCH || (kind == Kind.JUMP || kind == Kind.CALL) && in.row().immediate() != null;
        return direct && in.codeSize().is64() && !Step.isCanonical(target);
    }

    /** Cuts the code into blocks, each before the one it falls through to where that is still free. */
    private void arrange(long entry) {
        Deque<Block> open = new ArrayDeque<>();
        open.push(blockAt.get(offset(entry)));
        blockAt.get(offset(entry)).predecessors = 2; // from outside
        while (!open.isEmpty()) {
            Block block = open.pop();
            if (!block.steps.isEmpty() || stepAt.get(offset(block.rip)) == null) {
                continue;
            }
            block.number = blocks.size();
            blocks.add(block);
            fill(block);
            if (block.branchesTo != null) {
                open.push(block.branchesTo);
            }
            if (block.fallsTo != null) {
                open.push(block.fallsTo);
            }
        }
    }

    private void fill(Block block) {
        long rip = block.rip;
        do {
            Step step = stepAt.get(offset(rip));
            block.steps.add(step);
            rip = step.next;
        } while (!block.last().kind.endsBlock() && isInPage(rip) && stepAt.get(offset(rip)) != null && blockAt.get(offset(rip)) == null);
        block.end = rip;
        Step last = block.last();
        boolean jump = last.kind == Kind.JUMP && last.in.row().immediate() != null;
        if (jump || last.kind == Kind.BRANCH) {
            block.branchesTo = successor(last.target());
        }
        if (last.kind.fallsThrough()) {
            block.fallsTo = successor(rip);
        }
    }

    /** The block there, counting one more way to it; null if it is not of this region. */
    private Block successor(long rip) {
        if (isAlone() || !isInPage(rip) || blockAt.get(offset(rip)) == null || stepAt.get(offset(rip)) == null) {
            return null;
        }
        Block block = blockAt.get(offset(rip));
        block.predecessors++;
        return block;
    }

    private void findLoops() {
        Set<Block> laidOut = new HashSet<>();
        for (Block block : blocks) {
            laidOut.add(block);
            markLoop(block.fallsTo, laidOut);
            markLoop(block.branchesTo, laidOut);
        }
    }

    private static void markLoop(Block to, Set<Block> laidOut) {
        if (to != null) {
            to.loops |= laidOut.contains(to);
        }
    }

    /** Which flags are wanted where: all wherever the state may be seen, and backwards from there. */
    private void wantFlags() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = blocks.size() - 1; i >= 0; i--) {
                Block block = blocks.get(i);
                boolean wanted = wantedAfter(block);
                for (int j = block.steps.size() - 1; j >= 0; j--) {
                    wanted = block.steps.get(j).want(wanted);
                }
                wanted |= polls(block);
                changed |= wanted != block.flagsWanted;
                block.flagsWanted = wanted;
            }
        }
    }

    /** Whoever comes after a block that leaves the region may want all. */
    private static boolean wantedAfter(Block block) {
        return wanted(block.fallsTo, fallsThrough(block)) || wanted(block.branchesTo, block.last().kind.endsBlock());
    }

    /** Whether the next instruction is executed before anything that asks for attention is looked at. */
    boolean goesOn(Block block, Step step) {
        Block to = block.fallsTo;
        if (step != block.last()) {
            return block.steps.get(block.steps.indexOf(step) + 1).kind != Kind.INTERPRET;
        }
        return to != null && !polls(to) && to.steps.getFirst().kind != Kind.INTERPRET;
    }

    /** Whether attention is looked at where a block begins. */
    boolean polls(Block block) {
        return block.loops || block == blocks.getFirst();
    }

    static boolean fallsThrough(Block block) {
        return block.last().kind.fallsThrough();
    }

    private static boolean wanted(Block successor, boolean exists) {
        return successor == null ? exists : successor.flagsWanted;
    }
}
