package org.lodgevm.vm;

import java.util.concurrent.CompletableFuture;
import org.lodgevm.machine.Vcpu;

/** The platform thread of one vCPU: it runs guest code whenever the {@link Gate} is open. */
final class VcpuThread {
    /** Told, on the vCPU's thread, that its CPU cannot go on. */
    interface Listener {
        /** What the debugger waits for has happened to the CPU. */
        void debugged(int index);

        /** The CPU shut down after a triple fault. */
        void shutdown(int index, String message);

        /** The accelerator gave up; {@code cause} is null when it did so in an orderly way. */
        void failed(int index, String message, Throwable cause);
    }

    private final int index;
    private final Vcpu vcpu;
    private final Gate gate;
    private final Listener listener;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    VcpuThread(int index, Vcpu vcpu, Gate gate, Listener listener) {
        this.index = index;
        this.vcpu = vcpu;
        this.gate = gate;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("lodge-vcpu-" + index).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Waits until the CPU will run no more, which follows the gate's closing. */
    void awaitEnd() {
        ended.join();
    }

    private void loop() {
        try {
            while (gate.enter()) {
                try {
                    run();
                } finally {
                    gate.leave();
                }
            }
        } finally {
            ended.complete(null); // whatever there is that nobody could be told of, the machine's end does not wait for it
        }
    }

    private void run() {
        Vcpu.Exit exit;
        try {
            exit = vcpu.run();
        } catch (Throwable e) { // a fault of ours must end this machine, never the process
            listener.failed(index, "internal error: " + e, e);
            return;
        }
        switch (exit) {
            case KICKED -> {}
            case DEBUGGED -> listener.debugged(index);
            case SHUTDOWN -> listener.shutdown(index, vcpu.failure());
            case FAILED -> listener.failed(index, vcpu.failure(), null);
        }
    }
}
