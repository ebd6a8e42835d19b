package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put32;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.fp.SimdFault;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.StateBlock;
import org.lodgevm.x86.translate.Exit;
import org.lodgevm.x86.translate.Source;
import org.lodgevm.x86.translate.Translator;

/**
 * One CPU's translations: which blocks have one, and what is done when translated code comes back.
 *
 * <p>While translated code runs, the registers are in the state block; everywhere else they are in {@link Cpu}.
 */
final class Translations {
    /** Instead of an address: the block cannot be translated. */
    private static final long NONE = 1;
    /** With an address goes the generation that it is of, in what a block keeps. */
    private static final int GENERATION_SHIFT = 48;
    private static final int LAST_GENERATION = 0xffff;
    /** Instructions that translations leave for; beyond, all are dropped. */
    private static final int MOST_CALL_OUTS = 100_000;

    private static final int PAGE = 0x1000;

    private final Cpu c;
    private final Translator translator;
    private final Workshop workshop;
    private final int threshold;
    private final Handover handover;
    /** Instructions that translations leave for; null those not decoded yet. */
    private final List<Op> callOuts = new ArrayList<>();
    /** Where those lie that are not decoded yet: by then something else may be mapped at their address. */
    private final Map<Integer, CodePage> undecoded = new HashMap<>();
    private final Binder binder;
    private final TranslationCounters counters = new TranslationCounters();
    private final StatisticsEvents statistics;
    /** Counts the times that all translations were dropped; never 0. */
    private int generation = 1;
    /** The next block is to be interpreted, be it translated or not. */
    private boolean interpretNext;

    /**
     * @param workshop that all CPUs of the machine share
     * @param threshold how often a block is interpreted before it is translated
     */
    Translations(Cpu cpu, Translator translator, Workshop workshop, int threshold) {
        c = cpu;
        this.translator = translator;
        this.workshop = workshop;
        this.threshold = threshold;
        binder = new Binder(cpu);
        handover = new Handover(cpu);
        statistics = StatisticsEvents.of(() -> counters.commit(c.index, c.instructions, translator));
    }

    void close() {
        statistics.close();
        translator.close();
    }

    /** Has code translated that is about to be executed; any thread. */
    void prepare(List<HotPage> pages) {
        workshop.prepare(pages, c.bus.memory(), translator, Binder.ahead(c));
    }

    /** For people who look for where time goes. */
    Map<String, Long> counters() {
        return counters.all(translator, new ArrayList<>(callOuts));
    }

    /** The address of a block's translation, which is made if it is time; 0 if the block is to be interpreted. */
    long of(Block block) {
        if (interpretNext) {
            interpretNext = false;
            return 0;
        }
        if (!handover.suits()) {
            return 0;
        }
        long code = known(block);
        if (code == 0 && block.isDecoded() && block.entries() >= threshold) {
            return translate(block);
        }
        if (code == 0 && !block.isDecoded()) {
            makeRoom();
            code = archived(block);
        }
        return code == NONE ? 0 : code;
    }

    /** A block that the archive has a translation of, not decoded; or null. */
    Block archived(long linear, CodePage page) {
        if (interpretNext || c.tracer.code || !handover.suits()) {
            return null;
        }
        makeRoom();
        synchronized (page) {
            page.makeRoom(); // else entering the block might drop what the translation is made from
            long code = archived(page, c.rip);
            if (code == 0) {
                return null;
            }
            Block block = new Block(linear, c.rip, c.context, page);
            page.add(block, (int) linear & PAGE - 1, 1);
            keep(block, code);
            return block;
        }
    }

    private long archived(Block block) {
        synchronized (block.page) {
            long code = block.valid ? archived(block.page, block.rip) : 0;
            keep(block, code);
            return code;
        }
    }

    /** With the page locked. */
    private long archived(CodePage page, long rip) {
        return page.dead() ? 0 : translator.archived(new PageSource(page, null), rip, page.host(c.bus.memory()), page.physical, c.context);
    }

    /** The address of its translation; {@link #NONE} if there can be none, 0 if it is not known. */
    private long known(Block block) {
        long known = block.translation(c.index);
        return known >>> GENERATION_SHIFT == generation ? known & (1L << GENERATION_SHIFT) - 1 : 0;
    }

    private void keep(Block block, long code) {
        if (code > NONE) {
            block.answer(Block.Stage.MADE);
        }
        block.translation(c.index, (long) generation << GENERATION_SHIFT | code);
    }

    private long translate(Block block) {
        if (block.page == null || c.tracer.code) {
            keep(block, NONE);
            return 0;
        }
        if (block.second == null) {
            if (block.stage() == Block.Stage.UNASKED) {
                workshop.ask(block, c, translator, c.translationContext());
            }
            if (block.stage() == Block.Stage.ASKED) {
                return 0;
            }
        }
        makeRoom();
        if (block.second != null) {
            block.second.translated(0, 1); // before its bytes are read: if they change, its blocks are dropped, of which this is one
        }
        CodePage from = block.page;
        TranslationReport report = TranslationReport.begin();
        long before = translator.instructions();
        long code;
        synchronized (from) {
            if (from.dead() || !block.valid) {
                return 0;
            }
            code = block.second != null ? 0 : archived(from, block.rip);
            if (code != 0) {
                keep(block, code);
                return code;
            }
            code = translator.translate(new PageSource(from, block.second), block.rip, from.physical, c.translationContext());
            keep(block, code == 0 ? NONE : code); // before anybody else drops the block, and would not know of it
        }
        if (code != 0) {
            report.end(c.index, block.rip, translator.instructions() - before, translator.end() - code);
        }
        return code;
    }

    private final class PageSource implements Source {
        private final CodePage page;
        private final CodePage second;
        private byte[] bytes;

        /** @param second the page behind it, if one instruction over the boundary is translated; else null */
        PageSource(CodePage page, CodePage second) {
            this.page = page;
            this.second = second;
        }

        @Override
        public byte[] bytes() {
            if (bytes == null) {
                bytes = page.bytes(c.bus.memory(), second);
            }
            return bytes;
        }

        @Override
        public long second() {
            return second == null ? -1 : second.physical;
        }

        @Override
        public boolean executed(long rip) {
            return page.find(rip, rip, c.context) != null;
        }

        @Override
        public boolean translated(long rip) {
            Block block = page.find(rip, rip, c.context);
            return block != null && known(block) > NONE;
        }

        @Override
        public int callOut(Instruction in, long rip) {
            callOuts.add(binder.bind(in, rip, -1));
            return callOuts.size() - 1;
        }

        @Override
        public int laterCallOut() {
            callOuts.add(null);
            undecoded.put(callOuts.size() - 1, page);
            return callOuts.size() - 1;
        }

        @Override
        public void use(long rip, int length) {
            int offset = (int) rip & PAGE - 1;
            page.translated(offset, Math.min(length, PAGE - offset));
        }
    }

    private void makeRoom() {
        if (translator.full() || callOuts.size() > MOST_CALL_OUTS) {
            clear();
        }
    }

    /** Drops all translations. */
    private void clear() {
        if ((get8(c.block + StateBlock.UNITS) & StateBlock.X87_REGISTERS) != 0) {
            noteX87();
        }
        counters.drop(callOuts);
        callOuts.clear();
        undecoded.clear();
        translator.clear();
        if (generation++ == LAST_GENERATION) {
            generation = 1;
            c.code.clear(); // blocks would remember what it was the last time
        }
    }

    // --- running -------------------------------------------------------------------------------------------------------

    /** Runs translated code until the run loop is needed; {@link Cpu#rip} says where the guest is then. */
    void run(long start, RunLoop loop) {
        enter();
        for (long code = start; code != 0; ) {
            long exit = translator.enter(code);
            handover.follow();
            c.rip = Exit.rip(exit);
            counters.exit(exit);
            if (Exit.kind(exit) == Exit.CALL_OUT) {
                leave();
                code = callOut(exit, loop);
            } else {
                code = goOn(exit, loop);
            }
        }
    }

    /** Where to go on; or 0, and by then, as at a fault, the registers are in the CPU. */
    private long goOn(long exit, RunLoop loop) {
        long code = 0;
        try {
            code = switch (Exit.kind(exit)) {
                case Exit.MISS -> missed(exit);
                case Exit.MOVED -> moved(exit, loop);
                case Exit.LINK -> linked(exit, loop);
                case Exit.LOOKUP -> lookedUp(exit, loop);
                case Exit.ATTENTION -> 0;
                default -> {
                    interpretNext = true;
                    yield 0;
                }
            };
            return code;
        } finally {
            if (code == 0) {
                leave();
            }
        }
    }

    /** Fills the TLB; where to try again, or 0 if the instruction has to be interpreted. */
    private long missed(long exit) {
        long linear = get64(c.block + StateBlock.MISSED);
        int access = Exit.access(exit);
        boolean endsInPage = (linear & PAGE - 1) <= PAGE - Exit.size(exit);
        if (endsInPage && c.mmu.canonical(linear) && (linear & Exit.misalignment(exit)) == 0) {
            c.mmu.translate(linear, access, c.regime);
            long tag = c.tlb + Tlb.entry(linear) + (access == PageWalker.WRITE ? Tlb.WRITE : Tlb.READ);
            if (get64(tag) == (linear & -PAGE)) {
                return Exit.resume(exit);
            }
        }
        interpretNext = true;
        counters.slowAccesses++;
        return 0;
    }

    /** Executes one instruction outside; where to go on, or 0 if that is for the run loop to see. Registers are in the CPU. */
    private long callOut(long exit, RunLoop loop) {
        int number = Exit.callOut(exit);
        counters.callOut(number);
        Op op = callOuts.get(number);
        if (op == null) {
            op = loop.decodeOne(undecoded.remove(number));
            callOuts.set(number, op);
        }
        int context = c.context;
        int mapping = c.mapping;
        int hits = c.breakpoints.hits();
        c.rip = op.next;
        try {
            op.run(c);
        } catch (GuestFault | SimdFault | RunAlone incomplete) {
            c.rip = op.rip;
            c.breakpoints.hits(hits);
            throw incomplete;
        }
        c.instructions++;
        if (c.rip != op.next || c.context != context || c.mapping != mapping || c.attention() != 0 || !handover.suits()) {
            return 0;
        }
        enter();
        return Exit.resume(exit);
    }

    /** Fills the TLB for the page of code; where the code is that lies there now. */
    private long moved(long exit, RunLoop loop) {
        long rip = Exit.rip(exit);
        c.mmu.translate(rip, PageWalker.FETCH, c.regime);
        if (!Tlb.fetches(c.tlb, Tlb.fetchEntry(rip), Tlb.fetchTag(rip, c.mmu.physical()))) {
            interpretNext = true; // a page that the TLB does not take
            return 0;
        }
        int before = generation;
        Block block = loop.find();
        if (!c.fetches(block)) {
            interpretNext = true; // its second page is one, or takes the place of the first
            return 0;
        }
        long code = of(block);
        if (before == generation && code != Exit.region(exit)) {
            translator.unlink(Exit.region(exit));
        }
        if (code != 0) {
            translator.remember(rip, c.context, code);
        }
        return code;
    }

    private long linked(long exit, RunLoop loop) {
        int before = generation;
        long code = of(loop.find());
        if (code != 0 && before == generation) {
            translator.link(exit, code);
        }
        return code;
    }

    private long lookedUp(long exit, RunLoop loop) {
        long target = get64(c.block + StateBlock.RIP);
        if (!c.mmu.canonical(target)) {
            // the branch itself faults
            long sp = c.block + StateBlock.GPR + 8L * Gpr.RSP;
            HostMemory.put64(sp, get64(sp) - Exit.moved(exit));
            interpretNext = true;
            return 0;
        }
        c.rip = target;
        long code = of(loop.find());
        if (code != 0) {
            translator.remember(target, c.context, code);
        }
        return code;
    }

    // --- registers -----------------------------------------------------------------------------------------------------

    private void enter() {
        counters.entries++;
        handover.enter();
    }

    private void leave() {
        handover.leave();
        if ((get8(c.block + StateBlock.UNITS) & StateBlock.X87_REGISTERS) != 0) {
            noteX87();
        }
    }

    /** Which x87 instruction was the last. */
    private void noteX87() {
        int last = get32(c.block + StateBlock.X87_LAST);
        if (last >= 0) {
            X87Unit.note(c, callOuts.get(last));
            put32(c.block + StateBlock.X87_LAST, -1);
        }
        int operand = get32(c.block + StateBlock.X87_LAST_OPERAND);
        if (operand >= 0) {
            c.x87.recordOperand(c.segments[callOuts.get(operand).segment].selector, get64(c.block + StateBlock.X87_OPERAND));
            put32(c.block + StateBlock.X87_LAST_OPERAND, -1);
        }
    }

    /** Whether the 16 bytes at a host address were those of RDX:RAX and now are those of RCX:RBX; else RDX:RAX gets them. */
    boolean exchanged(long host) {
        long operands = c.block + StateBlock.SCRATCH;
        HostMemory.put64(operands, c.r[Gpr.RAX]);
        HostMemory.put64(operands + 8, c.r[Gpr.RDX]);
        HostMemory.put64(operands + 16, c.r[Gpr.RBX]);
        HostMemory.put64(operands + 24, c.r[Gpr.RCX]);
        boolean equal = translator.compareAndExchange16(host, operands);
        c.r[Gpr.RAX] = get64(operands);
        c.r[Gpr.RDX] = get64(operands + 8);
        return equal;
    }

    /** The translations of these blocks are void: no jump may lead to them any more. */
    void forget(List<Block> blocks) {
        for (Block block : blocks) {
            translator.forget(block.rip, block.context);
            long code = known(block);
            if (code > NONE) {
                translator.unlink(code);
            }
        }
    }

    /** The same for all translations. */
    void forget() {
        clear();
    }
}
