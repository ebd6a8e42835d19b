package org.lodgevm.x86.interpret;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.x86.translate.Archive;
import org.lodgevm.x86.translate.Context;
import org.lodgevm.x86.translate.Source;
import org.lodgevm.x86.translate.Translator;

/**
 * Where blocks that have become hot are translated while their CPUs go on interpreting them: on a thread of its own, into the archive, from where
 * each CPU copies what it needs. If that thread cannot keep up, the CPU that asks for the next one translates it itself.
 */
final class Workshop implements AutoCloseable {
    /** Blocks that wait for their translation, some milliseconds' work. */
    private static final int MOST_WAITING = 64;
    private static final int MOST_AHEAD = 1 << 16;
    /** How often, in nanoseconds, the thread looks for work: being woken up for each block would cost CPUs more than that it comes late. */
    private static final long NAP = 200_000;
    /** In a row, after which nothing seems to be hot, and it waits to be woken up. */
    private static final int NAPS = 50;
    /** In nanoseconds, how often it looks meanwhile whether decoded code can be dropped. */
    private static final long SETTLING = 500_000_000;
    /** For the page that a thread translates from. */
    private static final ThreadLocal<byte[]> PAGES = ThreadLocal.withInitial(() -> new byte[Source.PAGE]);

    private final Archive archive;
    private final Queue<Runnable> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    /** For when nothing waits; what there is no room for is left out. */
    private final Queue<Runnable> ahead = new LinkedBlockingQueue<>(MOST_AHEAD);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    /** Null if CPUs translate by themselves. */
    private final Thread thread;
    /** Of the machine, once somebody has asked. */
    private volatile CodeCache code;
    private volatile boolean asleep;
    private volatile boolean closed;

    /**
     * @param archive that it closes when it is closed
     * @param aside whether to translate on a thread of its own; not done where the host has a single processor
     */
    Workshop(Archive archive, boolean aside) {
        this.archive = archive;
        thread = aside && Runtime.getRuntime().availableProcessors() > 1
                ? Thread.ofPlatform().daemon().name("lodge-translator").start(this::run) : null;
    }

    /**
     * Has a block translated that nobody has asked for yet: its {@linkplain Block#stage stage} tells when it has been. All of it is in one page.
     *
     * @param cpu the one that asks
     * @param translator of that CPU
     * @param context that the block was decoded in
     */
    void ask(Block block, Cpu cpu, Translator translator, Context context) {
        if (!block.ask()) {
            return;
        }
        code = cpu.code;
        int index = cpu.index;
        GuestMemory memory = cpu.bus.memory();
        Runnable work = () -> translate(block, index, memory, translator, context);
        if (thread == null || !waiting.offer(work)) {
            work.run();
        } else {
            wake();
        }
    }

    private void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /** Has code translated that is about to be executed, if there is a thread for it: whenever nobody asks for anything else. */
    void prepare(List<HotPage> pages, GuestMemory memory, Translator translator, Binder binder) {
        if (thread != null) {
            pages.forEach(page -> ahead.offer(() -> page.translate(memory, translator, () -> !closed)));
            pages.forEach(page -> ahead.offer(() -> page.bind(memory, binder)));
            wake();
        }
    }

    private void run() {
        try {
            int naps = 0;
            while (!closed) {
                Runnable work = waiting.poll();
                if (work == null) {
                    work = ahead.poll();
                }
                if (work != null) {
                    work.run();
                    naps = 0;
                } else if (naps++ < NAPS) {
                    LockSupport.parkNanos(this, NAP);
                } else {
                    sleep();
                }
            }
        } finally {
            ended.complete(null);
        }
    }

    private void sleep() {
        asleep = true;
        boolean settled = code == null;
        while (waiting.isEmpty() && ahead.isEmpty() && !closed) {
            if (settled) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, SETTLING);
                settled = waiting.isEmpty() && code.settle();
                if (settled) {
                    archive.rest();
                }
            }
        }
        asleep = false;
    }

    private static void translate(Block block, int cpu, GuestMemory memory, Translator translator, Context context) {
        if (block.stage() != Block.Stage.ASKED) {
            return;
        }
        TranslationReport report = TranslationReport.begin();
        Translator.Made made = null;
        try {
            made = translator.record(new Page(block, memory), block.rip, block.page.physical, context);
        } finally {
            block.answer(made == null ? Block.Stage.REFUSED : Block.Stage.MADE);
        }
        if (made != null) {
            report.end(cpu, block.rip, made.instructions(), made.bytes());
        }
    }

    /** The page as it was when this was made, for one translation: if it has changed since, nobody will find what is made of it. */
    private static final class Page implements Source {
        private final Block block;
        private final byte[] bytes = PAGES.get();

        Page(Block block, GuestMemory memory) {
            this.block = block;
            block.page.copy(memory, bytes);
        }

        private Block at(long rip) {
            return block.page.find(rip, rip, block.context);
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public boolean executed(long rip) {
            return at(rip) != null;
        }

        @Override
        public boolean translated(long rip) {
            Block there = at(rip);
            return there != null && there.stage() == Block.Stage.MADE;
        }

        @Override
        public void use(long rip, int length) {
            Block there = at(rip);
            if (there != null && there != block) {
                there.withdraw();
            }
        }
    }

    /** Waits for the translation that is being made, and gives up those that wait. */
    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            LockSupport.unpark(thread);
            ended.join();
        }
        archive.close();
    }
}
