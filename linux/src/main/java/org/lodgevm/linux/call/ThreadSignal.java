package org.lodgevm.linux.call;

import org.lodgevm.linux.call.SpareSignal.Interrupted;
import org.lodgevm.machine.HostFunction;

/** A signal that makes a thread's system call return with EINTR and does nothing else. */
public final class ThreadSignal {
    /** A function of the C library that may be called from a handler and has no effect. */
    private static final String HARMLESS = "getpid";

    private final SpareSignal signal;

    private ThreadSignal(SpareSignal signal) {
        this.signal = signal;
    }

    private static final class Installed {
        static final ThreadSignal ONLY = new ThreadSignal(SpareSignal.handledBy(HostFunction.named(HARMLESS).code(), Interrupted.RETURNS));
    }

    /** The process's; installed when first asked for. */
    public static ThreadSignal installed() {
        return Installed.ONLY;
    }

    /** The number of the calling thread, which is ready to be signalled from now on. */
    public int receiver() {
        signal.unblock();
        return (int) LibC.systemCall(SystemCall.GETTID);
    }

    /** Interrupts a thread's system call. Nothing happens when the thread has ended. */
    public void send(int thread) {
        signal.send(thread);
    }
}
