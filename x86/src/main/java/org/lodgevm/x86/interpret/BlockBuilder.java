package org.lodgevm.x86.interpret;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.paging.PageWalker;

/** Fetches and decodes: finds the block at CS:rIP in the code cache, or makes one. */
final class BlockBuilder {
    private static final int MOST_INSTRUCTIONS = 64;
    /** Bytes copied at once to be decoded, more than an instruction has: most blocks are short, and their page is not in the host's caches. */
    private static final int PIECE = 64;
    /** A context that no CPU is in. */
    private static final int NOT_CACHED = -1;

    /**
     * After these the run loop must look up: interrupts may have become possible, the machine be about to stop, or the context be another.
     */
    private static final Set<String> LOOK_UP = Set.of(
            "STI", "POPF", "HLT", "IN", "OUT", "INS", "OUTS", "WRMSR", "MWAIT", "PAUSE", "STAC", "CLAC");

    private final Cpu c;
    private final Binder binder;
    private final Decoder decoder = new Decoder();
    private final byte[] window = new byte[4096 + Instruction.MAX_LENGTH];
    private long physical;
    private Outcome outcome;
    /** In the ops last decoded: a pair counts as two. */
    private int instructions;

    BlockBuilder(Cpu cpu) {
        c = cpu;
        binder = new Binder(cpu);
    }

    /** The block at the linear address that CS:rIP amounts to. Raises #PF, #GP for a fetch that is not allowed. */
    Block find(long linear) {
        return find(linear, c.translations != null);
    }

    /** The same block, with the instructions that it stands for; if they have changed meanwhile, the one that is there now. */
    Block decoded(Block block) {
        Block found = block;
        while (!found.isDecoded()) { // another CPU may have entered one meanwhile that is not either
            Block decoded = decodedThere(found);
            found = decoded != null ? decoded : find(block.linear, false);
        }
        return found;
    }

    /** Null if its page is not mapped there any more, or has changed, or if a device lies over it by now. */
    private Block decodedThere(Block block) {
        long host = fetch(block.linear);
        synchronized (block.page) {
            if (host == Mmu.DEVICE || !block.valid || block.page.physical != (physical & ~0xfffL)) {
                return null;
            }
            Block decoded = build(block.linear, host, block.page);
            if (block.valid) {
                decoded.inherit(block);
                block.valid = false;
            }
            c.jumps.put(decoded);
            return decoded;
        }
    }

    private Block find(long linear, boolean mayBeArchived) {
        long host = fetch(linear);
        if (host == Mmu.DEVICE || c.debugger.breaks(linear)) {
            c.debugger.execution(linear);
            Op op = single();
            return new Block(linear, op.rip, NOT_CACHED, new Op[] {op}, 1, op.next, null, null);
        }
        while (true) {
            CodePage page = c.code.page(c, physical);
            Block block = page.find(linear, c.rip, c.context);
            if (block == null) {
                c.code.trim();
                block = mayBeArchived ? c.translations.archived(linear, page) : null;
            }
            if (block == null) {
                block = build(linear, host, page);
            }
            if (block != null && (block.second == null || stillFollows(block))) {
                c.jumps.put(block);
                return block;
            }
            // the page died, or the one after it is another now
            if (block != null) {
                block.valid = false;
            }
        }
    }

    /** Translates for fetching; {@link #physical} is set. */
    private long fetch(long linear) {
        if (c.code64 ? !c.mmu.canonical(c.rip) : c.rip > c.segments[Segment.CS].limit) {
            throw c.protection();
        }
        long host = c.mmu.translate(linear, PageWalker.FETCH, c.regime);
        physical = c.mmu.physical();
        return host;
    }

    private boolean stillFollows(Block block) {
        long host = c.mmu.translate(block.secondPage(), PageWalker.FETCH, c.regime);
        return host != Mmu.DEVICE && (c.mmu.physical() & ~0xfffL) == block.second.physical;
    }

    /** Decodes up to the end of the page; null if the page died meanwhile. */
    private Block build(long linear, long host, CodePage page) {
        int offset = (int) linear & 0xfff;
        synchronized (page) {
            if (page.dead()) {
                return null;
            }
            int available = 0x1000 - offset;
            List<Op> ops = new ArrayList<>();
            int length = decode(host, available, ops);
            if (!ops.isEmpty()) {
                Op last = ops.get(ops.size() - 1);
                Block block = new Block(linear, c.rip, c.context, traced(ops), instructions, last.next, page, null);
                page.add(block, offset, Math.max(length, 1));
                trace(block);
                return block;
            }
        }
        return overBoundary(linear, offset, page);
    }

    /** One instruction that lies over a page boundary. */
    private Block overBoundary(long linear, int offset, CodePage page) {
        int first = 0x1000 - offset;
        long host = c.mmu.translate((linear & ~0xfffL) + 0x1000, PageWalker.FETCH, c.regime);
        CodePage second = host == Mmu.DEVICE ? null : c.code.page(c, c.mmu.physical());
        Op op = single();
        if (second == null) {
            return new Block(linear, op.rip, NOT_CACHED, traced(List.of(op)), 1, op.next, page, null);
        }
        Block block = new Block(linear, op.rip, c.context, traced(List.of(op)), 1, op.next, page, second);
        int length = (int) Math.max(op.next - op.rip, first + 1);
        synchronized (page) {
            if (page.dead()) {
                return null;
            }
            page.add(block, offset, first);
        }
        synchronized (second) {
            if (second.dead()) {
                return null;
            }
            second.add(block, 0, Math.max(length - first, 1));
        }
        trace(block);
        return block;
    }

    /** A block's ops; before them, if registers are traced, one that does. */
    private Op[] traced(List<Op> ops) {
        if (!c.tracer.registers) {
            return ops.toArray(Op[]::new);
        }
        Op op = Specializer.op(Templates.Plain.class, 0, "plain", Semantics.plain("traced"));
        op.rip = ops.getFirst().rip;
        op.instructions = 0;
        return Stream.concat(Stream.of(op), ops.stream()).toArray(Op[]::new);
    }

    private void trace(Block block) {
        if (c.tracer.code) {
            c.tracer.block(block);
        }
    }

    /** How much of what is at a host address is in the window, once as much is there as is wanted and available; so much was there before. */
    private int copied(long host, int before, int wanted, int available) {
        if (before >= Math.min(wanted, available)) {
            return before;
        }
        int more = Math.min(PIECE, available - before);
        copy(host + before, before, more);
        return before + more;
    }

    private void copy(long host, int to, int bytes) {
        java.lang.foreign.MemorySegment.copy(HostMemory.segment(host, bytes), java.lang.foreign.ValueLayout.JAVA_BYTE, 0,
                window, to, bytes);
    }

    /** Decodes what is in the page at a host address into ops; the number of bytes they cover. */
    private int decode(long host, int available, List<Op> ops) {
        long ripMask = ripMask();
        long limit = limitLeft();
        int usable = (int) Math.min(available, limit);
        int at = 0;
        instructions = 0;
        long rip = c.rip;
        Instruction before = null;
        int copied = 0;
        while (ops.size() < MOST_INSTRUCTIONS && at < usable) {
            copied = copied(host, copied, at + Instruction.MAX_LENGTH, available);
            Instruction in = new Instruction();
            decode(in, at, available, limit);
            if (outcome == Outcome.TRUNCATED) {
                break;
            }
            if (outcome != Outcome.DECODED) {
                if (ops.isEmpty()) {
                    ops.add(faulting(rip));
                }
                break;
            }
            if (!ops.isEmpty() && c.lockstep != null && c.lockstep.endsBefore(in)) {
                break;
            }
            Op pair = before == null ? null : binder.bindPair(before, in, ops.getLast().rip);
            Op op = pair != null ? pair : binder.bind(in, rip, ripMask);
            if (pair != null) {
                ops.removeLast();
            }
            ops.add(op);
            before = in;
            instructions++;
            at += in.length();
            rip = op.next;
            if (ends(in)) {
                break;
            }
        }
        return at;
    }

    /** One from the window. One that runs into the segment's limit is #GP, like one that is too long. */
    private void decode(Instruction in, int at, int available, long limit) {
        outcome = decoder.decode(window, at, (int) Math.min(available, limit) - at, c.codeSize(), in);
        if (outcome == Outcome.TRUNCATED && limit <= available) {
            outcome = Outcome.TOO_LONG;
        }
    }

    private Op faulting(long rip) {
        Op op = Specializer.op(Templates.Plain.class, 0, "plain",
                Semantics.plain(outcome == Outcome.TOO_LONG ? "forbidden" : "unknown"));
        op.rip = rip;
        op.next = rip;
        return op;
    }

    private long ripMask() {
        return c.code64 ? -1L : 0xffff_ffffL;
    }

    private long limitLeft() {
        return c.code64 ? Long.MAX_VALUE : c.segments[Segment.CS].limit - c.rip + 1;
    }

    private static boolean ends(Instruction in) {
        Row row = in.row();
        if (row.has(Attribute.JUMP) || row.has(Attribute.SERIAL) || in.rep() && row.has(Attribute.REP)
                || (in.rep() || in.repne()) && row.has(Attribute.REPZ)
                || in.repne() && row.has(Attribute.REP) || LOOK_UP.contains(row.operation())) {
            return true;
        }
        for (Operand operand : row.operands()) {
            if ((operand.method() == AddressingMethod.S || operand.method() == AddressingMethod.SEGMENT)
                    && row.accesses().get(0).writes()) {
                return true;
            }
        }
        return row.operation().equals("LSS");
    }

    /** The instruction at CS:rIP alone, not entered anywhere. Raises the fault that fetching it meets. */
    Op single() {
        long linear = c.code64 ? c.rip : c.csBase + c.rip & 0xffff_ffffL;
        long host = fetch(linear);
        int available = Math.min(0x1000 - ((int) linear & 0xfff), Instruction.MAX_LENGTH);
        fill(linear, host, 0, available);
        List<Op> ops = new ArrayList<>(1);
        decodeOne(available, ops);
        if (ops.isEmpty()) {
            long next = linear + available;
            long nextHost = c.mmu.translate(c.code64 ? next : next & 0xffff_ffffL, PageWalker.FETCH, c.regime);
            physical = c.mmu.physical();
            fill(next, nextHost, available, Instruction.MAX_LENGTH);
            decodeOne(available + Instruction.MAX_LENGTH, ops);
        }
        return ops.get(0);
    }

    /** The same in a page that was mapped at CS:rIP, and may not be any more; all of the instruction lies in it. */
    Op single(CodePage page) {
        int offset = (int) c.rip & 0xfff;
        int available = Math.min(0x1000 - offset, Instruction.MAX_LENGTH);
        copy(page.host(c.bus.memory()) + offset, 0, available);
        List<Op> ops = new ArrayList<>(1);
        decodeOne(available, ops);
        return ops.isEmpty() ? single() : ops.getFirst(); // another CPU may have begun to write something longer there
    }

    private void decodeOne(int available, List<Op> ops) {
        Instruction in = new Instruction();
        decode(in, 0, available, limitLeft());
        if (outcome == Outcome.DECODED) {
            ops.add(binder.bind(in, c.rip, ripMask()));
        } else if (outcome != Outcome.TRUNCATED) {
            ops.add(faulting(c.rip));
        }
    }

    private void fill(long linear, long host, int to, int bytes) {
        if (host != Mmu.DEVICE) {
            copy(host, to, bytes);
            return;
        }
        for (int i = 0; i < bytes; i++) {
            window[to + i] = (byte) c.bus.read((physical & ~0xfffL) + ((linear + i) & 0xfff), 1);
        }
    }
}
