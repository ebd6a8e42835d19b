package org.lodgevm.x86.interpret;

import java.util.ArrayDeque;

/** Requests of other CPUs that this one give up its write access to a page of code. @see CodeCache */
final class Revocations {
    private record Request(CodePage page, boolean wasRunning) {}

    private final Cpu cpu;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private boolean parked;

    Revocations(Cpu cpu) {
        this.cpu = cpu;
    }

    /** On the requesting CPU's thread. */
    void request(CodePage page) {
        synchronized (this) {
            waiting.add(new Request(page, !parked));
        }
        cpu.ask(Attention.CODE_PAGE);
    }

    /** Carries out what waits, on this CPU's thread. */
    void answer() {
        cpu.answer(Attention.CODE_PAGE);
        while (true) {
            Request request;
            synchronized (this) {
                request = waiting.poll();
            }
            if (request == null) {
                return;
            }
            cpu.code.revoke(cpu, request.page);
            if (request.wasRunning) {
                request.page.clear();
            }
        }
    }

    /** While a CPU is parked it stores nothing; on waking it must {@link #answer} before it runs on. */
    synchronized void parked(boolean now) {
        parked = now;
    }
}
