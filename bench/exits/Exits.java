import org.lodgevm.linux.kvm.KvmAccelerator;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;

/** Nanoseconds that a write to a port takes, from the guest to a device in Java and back, with all of Lodge's run loop and bus between. */
final class Exits {
    private static final int CODE = 0x1000;
    private static final int COUNTED_PORT = 0x80;
    private static final int CS = 1;

    private Exits() {}

    /** Counts writes, and ends the guest after so many. */
    private static final class Counter implements IoRegion {
        private final long last;
        private long count;
        private long begin;
        private long end;
        private Vcpu vcpu;

        Counter(long last) {
            this.last = last;
            count = -last / 2; // until the JVM has compiled what there is to compile
        }

        @Override
        public long read(long offset, int size) {
            return 0;
        }

        @Override
        public void write(long offset, int size, long value) {
            if (count == 0) {
                begin = System.nanoTime();
            } else if (count == last) {
                end = System.nanoTime();
                vcpu.kick();
            }
            count++;
        }
    }

    public static void main(String[] arguments) {
        Counter counter = new Counter(arguments.length > 0 ? Long.parseLong(arguments[0]) : 200_000);
        GuestMemory memory = new GuestMemory();
        memory.addRam(0, 0x1_0000, (size, arena) -> arena.allocate(size, 4096));
        memory.write(CODE, new byte[] {(byte) 0xe6, (byte) COUNTED_PORT, (byte) 0xeb, (byte) 0xfc}); // out 0x80, al; jmp to it
        Bus bus = new Bus(memory);
        bus.mapPorts(COUNTED_PORT, 1, counter);
        try (SystemClock clock = new SystemClock();
                Accelerator.VcpuFactory factory = new KvmAccelerator()
                        .open(new Accelerator.MachineContext(memory, clock, new Accelerator.Cpus(1), Trace.OFF));
                Vcpu vcpu = factory.create(0, bus, new NoInterrupts(), new Tsc(clock))) {
            counter.vcpu = vcpu;
            VcpuState state = vcpu.state();
            state.segments[CS] = new VcpuState.Segment(0, 0, state.segments[CS].limit(), state.segments[CS].attributes());
            state.rip = CODE;
            vcpu.state(state);
            Vcpu.Exit exit = vcpu.run();
            if (exit != Vcpu.Exit.KICKED) {
                throw new IllegalStateException(vcpu.failure());
            }
            System.out.printf("%.0f%n", (double) (counter.end - counter.begin) / counter.last);
        }
    }

    private static final class NoInterrupts implements LocalInterrupts {
        @Override
        public boolean pending() {
            return false;
        }

        @Override
        public int acknowledge() {
            return -1;
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
            return 0;
        }

        @Override
        public void writeMsr(int msr, long value) {
            // there are none
        }

        @Override
        public void reset(boolean init) {
            // it has no state
        }
    }
}
