package org.lodgevm.x86.interpret;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Requests that this CPU give up its write access to a page of code, or the blocks it knows. @see CodeCache */
final class Revocations {
    private final Cpu cpu;
    /** By physical address: the last request for a page stands for those before it, so that a guest cannot make them many. */
    private final Map<Long, CodePage> waiting = new HashMap<>();
    private boolean forgetting;
    private boolean translationsVoid;
    private boolean parked;

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
    void requestDropping() {
        synchronized (this) {
            if (parked) {
                cpu.translations.forgetJumps();
                return;
            }
            translationsVoid = true;
        }
        cpu.ask(Attention.CODE_PAGE);
    }

    /** Carries out what waits, on this CPU's thread. */
    void answer() {
        cpu.answer(Attention.CODE_PAGE);
        for (CodePage page : taken()) {
            cpu.code.revoke(cpu, page);
            page.clear(); // there may have been stores to it since it was entered
        }
    }

    private synchronized List<CodePage> taken() {
        if (forgetting) {
            cpu.jumps.clear();
            forgetting = false;
        }
        if (translationsVoid) {
            cpu.translations.forgetJumps();
            translationsVoid = false;
        }
        List<CodePage> pages = List.copyOf(waiting.values());
        waiting.clear();
        return pages;
    }

    /** While a CPU is parked it neither stores nor runs anything, and others do for it what they want. */
    synchronized void parked(boolean now) {
        parked = now;
    }
}
