package org.lodgevm.x86.interpret;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.x86.decode.Instruction;
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
    /** For the page that a thread translates from. */
    private static final ThreadLocal<byte[]> PAGES = ThreadLocal.withInitial(() -> new byte[Source.PAGE]);

    final Archive archive;
    private final Executor executor;

    private Workshop(Archive archive, Executor executor) {
        this.archive = archive;
        this.executor = executor;
    }

    /** Translates on a thread of its own, if the host has a processor for it. */
    static Workshop aside(Archive archive) {
        return Runtime.getRuntime().availableProcessors() == 1 ? atOnce(archive) : new Workshop(archive, new ThreadPoolExecutor(1, 1, 0,
                TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), Thread.ofPlatform().daemon().name("lodge-translator").factory(),
                new ThreadPoolExecutor.CallerRunsPolicy()));
    }

    /** Translates on the thread of the CPU that asks. */
    static Workshop atOnce(Archive archive) {
        return new Workshop(archive, Runnable::run);
    }

    /**
     * Has a block translated that nobody has asked for yet: its {@linkplain Block#stage stage} tells when it has been. All of it is in one page.
     *
     * @param cpu the one that asks
     * @param translator of that CPU
     * @param context that the block was decoded in
     */
    void ask(Block block, Cpu cpu, Translator translator, Context context) {
        if (block.ask()) {
            int index = cpu.index;
            GuestMemory memory = cpu.bus.memory();
            executor.execute(() -> translate(block, index, memory, translator, context));
        }
    }

    private static void translate(Block block, int cpu, GuestMemory memory, Translator translator, Context context) {
        if (block.stage() != Block.Stage.ASKED) {
            return;
        }
        TranslationEvent event = new TranslationEvent();
        event.begin();
        Translator.Made made = translator.record(new Page(block, memory), block.rip, block.page.physical, context);
        block.answer(made == null ? Block.Stage.REFUSED : Block.Stage.MADE);
        if (made != null) {
            event.commit(cpu, block.rip, made.instructions(), made.bytes());
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

        /** Each CPU has numbers of its own, which the copy gets. */
        @Override
        public int callOut(Instruction in, long rip) {
            return 0;
        }

        @Override
        public int laterCallOut() {
            return 0;
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
        if (executor instanceof ExecutorService threads) {
            threads.shutdownNow();
            threads.close();
        }
        archive.close();
    }
}
