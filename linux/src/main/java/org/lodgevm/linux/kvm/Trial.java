package org.lodgevm.linux.kvm;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;

/** A machine with {@link ProbeGuest} in it, and nothing else but one interrupt. */
final class Trial implements AutoCloseable {
    private static final int CS = 1;
    /** The guest takes milliseconds, but the host may have much else to do, and what came of this is remembered. */
    static final long SECONDS = 10;

    private final SystemClock clock = new SystemClock();
    private final GuestMemory memory = new GuestMemory();
    private final Accelerator.VcpuFactory factory;
    private final Vcpu vcpu;
    private char station;
    private String failure;

    Trial(Probe.Opener opener) {
        memory.addRam(0, ProbeGuest.MEMORY, (size, arena) -> arena.allocate(size, 4096));
        memory.write(0, ProbeGuest.image());
        Bus bus = new Bus(memory);
        bus.mapPorts(ProbeGuest.STATION_PORT, 1, new Stations());
        factory = opener.open(new Accelerator.MachineContext(memory, clock, new Accelerator.Cpus(1), Trace.OFF));
        vcpu = factory.create(0, bus, new OneInterrupt(), new Tsc(clock));
        VcpuState state = vcpu.state();
        VcpuState.Segment cs = state.segments[CS];
        state.segments[CS] = new VcpuState.Segment(0, 0, cs.limit(), cs.attributes());
        state.rip = ProbeGuest.REAL_MODE;
        vcpu.state(state);
    }

    /** @return the last station that the guest came to, 0 if to none */
    char run() {
        try (ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("lodge-kvm-probe").factory())) {
            watchdog.schedule(vcpu::kick, SECONDS, TimeUnit.SECONDS);
            if (vcpu.run() != Vcpu.Exit.KICKED) {
                failure = vcpu.failure();
            }
            watchdog.shutdownNow();
        }
        return station;
    }

    /** Why the guest ended, if it did not come to the last station. */
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        vcpu.close();
        factory.close();
        memory.close();
        clock.close();
    }

    private final class Stations implements IoRegion {
        @Override
        public long read(long offset, int size) {
            return -1;
        }

        @Override
        public void write(long offset, int size, long value) {
            station = (char) value;
            if (station == ProbeGuest.DONE) {
                vcpu.kick();
            }
        }
    }

    /** Waits from the system call on. */
    private final class OneInterrupt implements LocalInterrupts {
        private boolean taken;

        @Override
        public boolean pending() {
            return station == ProbeGuest.IN_SYSTEM_CALL && !taken;
        }

        @Override
        public int acknowledge() {
            taken = true;
            return ProbeGuest.VECTOR;
        }

        @Override
        public int taskPriority() {
            return 0;
        }

        @Override
        public void taskPriority(int cr8) {
            // nothing has a priority here
        }

        @Override
        public boolean ownsMsr(int msr) {
            return false;
        }

        @Override
        public long readMsr(int msr) {
            throw MsrFault.INSTANCE;
        }

        @Override
        public void writeMsr(int msr, long value) {
            throw MsrFault.INSTANCE;
        }

        @Override
        public void reset(boolean init) {
            taken = false;
        }
    }
}
