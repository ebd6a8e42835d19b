package org.lodgevm.vm;

/**
 * Where vCPU threads wait while they must not run: shut at first, opened and shut again by the machine, closed for good at
 * its end.
 */
final class Gate {
    private boolean open;
    private boolean closed;
    /** Nobody enters for the moment. */
    private boolean held;
    private int inside;

    /**
     * Waits until the gate is open and passes it.
     *
     * @return false when it has been closed
     */
    synchronized boolean enter() {
        while ((!open || held) && !closed) {
            waitForChange();
        }
        inside += closed ? 0 : 1;
        return !closed;
    }

    synchronized void leave() {
        inside--;
        notifyAll();
    }

    synchronized void open() {
        open = true;
        notifyAll();
    }

    /** Whoever is inside stays there until it leaves. */
    synchronized void shut() {
        open = false;
    }

    /** Makes an open gate wait, or no longer. Whoever is inside stays there until it leaves. */
    synchronized void hold(boolean now) {
        held = now;
        notifyAll();
    }

    synchronized void awaitEmpty() {
        while (inside > 0) {
            waitForChange();
        }
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Interrupts mean nothing to the machine's own threads, and must not be lost to guest devices' back ends either. */
    private void waitForChange() {
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                wait();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
