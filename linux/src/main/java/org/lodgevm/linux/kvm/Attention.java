package org.lodgevm.linux.kvm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.lodgevm.linux.call.ThreadSignal;

/**
 * What other threads ask of a vCPU, and how they get its thread's attention: out of the guest by a signal, out of a halt by unparking it,
 * out of anything else by it looking here before it goes on.
 *
 * <p>The thread announces that it is about to enter the guest, then looks here once more, and enters. Whoever asks leaves the request, then
 * looks whether the thread has announced itself. One of the two sees the other; a signal that comes before the guest is entered has set
 * {@code immediate_exit}, which the kernel looks at last.
 */
final class Attention {
    static final int INTERRUPT = 1;
    static final int NMI = 1 << 1;
    static final int INIT = 1 << 2;
    static final int STARTUP = 1 << 3;
    static final int KICK = 1 << 4;

    private final RunArea area;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int startupVector;
    private volatile boolean inGuest;
    private volatile boolean waiting;
    private volatile Thread thread;
    private int threadNumber;

    Attention(RunArea area) {
        this.area = area;
    }

    /** The calling thread is the vCPU's until {@link #leave}. */
    void enter() {
        threadNumber = ThreadSignal.installed().receiver();
        thread = Thread.currentThread();
    }

    /** Excludes {@link #interruptGuest}, so that nobody touches the run area after it. */
    synchronized void leave() {
        thread = null;
    }

    /** Any thread. */
    void ask(int bits) {
        asked.getAndUpdate(now -> now | bits);
        Thread runner = thread;
        if (runner == null || runner == Thread.currentThread()) {
            return;
        }
        if (inGuest) {
            interruptGuest();
        }
        if (waiting) {
            LockSupport.unpark(runner);
        }
    }

    void askStartup(int vector) {
        startupVector = vector;
        ask(STARTUP);
    }

    private synchronized void interruptGuest() {
        if (inGuest) {
            area.immediateExit(true);
            ThreadSignal.installed().send(threadNumber);
        }
    }

    int asked() {
        return asked.get();
    }

    int startupVector() {
        return startupVector;
    }

    /** Takes requests back: they have been met. @return those that there were */
    int answer(int bits) {
        return asked.getAndUpdate(now -> now & ~bits) & bits;
    }

    /** Announces that the guest is about to be entered. @return false when there is something to look at first */
    boolean announce() {
        area.immediateExit(false);
        inGuest = true;
        if (asked.get() != 0) {
            inGuest = false;
        }
        return inGuest;
    }

    void retire() {
        inGuest = false;
    }

    /** Waits for a request; may return without one. */
    void await() {
        waiting = true;
        if (asked.get() == 0) {
            LockSupport.park(this);
        }
        waiting = false;
    }
}
