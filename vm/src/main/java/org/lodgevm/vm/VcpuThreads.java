package org.lodgevm.vm;

import java.util.List;
import java.util.stream.IntStream;
import org.lodgevm.machine.Vcpu;

/** The threads of a machine's CPUs, all of which run guest code or none. */
final class VcpuThreads {
    private final List<Vcpu> vcpus;
    private final Gate gate = new Gate();
    private final List<VcpuThread> threads;

    VcpuThreads(List<Vcpu> vcpus, VcpuThread.Listener listener) {
        this.vcpus = vcpus;
        threads = IntStream.range(0, vcpus.size()).mapToObj(i -> new VcpuThread(i, vcpus.get(i), gate, listener)).toList();
    }

    /** They wait until they are {@linkplain #letRun let run}. */
    void start() {
        threads.forEach(VcpuThread::start);
    }

    /** Whether this is one of them. */
    boolean areCurrent() {
        return threads.stream().anyMatch(VcpuThread::isCurrent);
    }

    void letRun() {
        gate.open();
    }

    /** Keeps them from running on; they leave guest code soon after. */
    void interrupt() {
        gate.shut();
        kick();
    }

    /** On return none is in guest code. */
    void park() {
        interrupt();
        gate.awaitEmpty();
    }

    /** Lets them wait, or run on, whether parked or not. */
    void hold(boolean now) {
        gate.hold(now);
        if (now) {
            kick();
        }
    }

    private void kick() {
        vcpus.forEach(Vcpu::kick);
    }

    /** For good; on return they have ended, if they were started. */
    void close(boolean started) {
        gate.close();
        if (started) {
            threads.forEach(VcpuThread::awaitEnd);
        }
    }
}
