package org.lodgevm.x86.interpret;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Requests that this CPU give up its write access to a page of code or to all pages, or the blocks it knows. @see CodeCache */
final class Revocations {
    /** Blocks whose translations are void; beyond, all are. */
    private static final int MOST_UNTRANSLATED = 10_000;

    private final Cpu cpu;
    /** By physical address: the last request for a page stands for those before it, so that a guest cannot make them many. */
    private final Map<Long, CodePage> waiting = new HashMap<>();
    private boolean forgetting;
    private final List<Block> untranslated = new ArrayList<>();
    private boolean allUntranslated;
    private final List<CompletableFuture<Void>> logging = new ArrayList<>();
    private boolean parked = true;

    Revocations(Cpu cpu) {
        this.cpu = cpu;
    }

    /** On the requesting CPU's thread. */
    void request(CodePage page) {
        synchronized (this) {
            if (parked) {
                cpu.code.revoke(cpu, page);
                return;
            }
            waiting.put(page.physical, page);
        }
        cpu.ask(Attention.CODE_PAGE);
    }

    /** On any CPU's thread. */
    void requestForgetting() {
        synchronized (this) {
            if (parked) {
                cpu.jumps.clear();
                return;
            }
            forgetting = true;
        }
        cpu.ask(Attention.CODE_PAGE);
    }

    /** On any CPU's thread. */
    void requestDropping(List<Block> blocks) {
        synchronized (this) {
            if (parked) {
                cpu.translations.forget(blocks);
                return;
            }
            if (untranslated.size() + blocks.size() > MOST_UNTRANSLATED) {
                untranslated.clear();
                allUntranslated = true;
            }
            if (!allUntranslated) {
                untranslated.addAll(blocks);
            }
        }
        cpu.ask(Attention.CODE_PAGE);
    }

    /** On any thread but a CPU's. @return completes when every first write to a page takes the slow path again */
    CompletableFuture<Void> requestLogging() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            logging.add(done);
            if (parked) {
                revokeWrites();
                return done;
            }
        }
        cpu.ask(Attention.CODE_PAGE);
        return done;
    }

    private void revokeWrites() {
        if (!logging.isEmpty()) {
            cpu.mmu.tlb.revokeWrites();
            logging.forEach(done -> done.complete(null));
            logging.clear();
        }
    }

    /** Carries out what waits, on this CPU's thread. */
    void answer() {
        cpu.answer(Attention.CODE_PAGE);
        if (allUntranslatedTaken()) {
            cpu.translations.forget(); // which may ask other CPUs for something
        }
        for (CodePage page : taken()) {
            cpu.code.revoke(cpu, page);
            page.clear(); // there may have been stores to it since it was entered
        }
    }

    private synchronized boolean allUntranslatedTaken() {
        boolean all = allUntranslated;
        allUntranslated = false;
        return all;
    }

    private synchronized List<CodePage> taken() {
        if (forgetting) {
            cpu.jumps.clear();
            forgetting = false;
        }
        if (!untranslated.isEmpty()) {
            cpu.translations.forget(untranslated);
            untranslated.clear();
        }
        revokeWrites();
        List<CodePage> pages = List.copyOf(waiting.values());
        waiting.clear();
        return pages;
    }

    /** While a CPU is parked, because it sleeps or does not run, it neither stores nor runs anything, and others do for it what they want. */
    synchronized void parked(boolean now) {
        parked = now;
        if (parked) {
            revokeWrites();
        }
    }
}
