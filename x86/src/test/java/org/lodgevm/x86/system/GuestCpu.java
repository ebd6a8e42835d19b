package org.lodgevm.x86.system;

import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.Debuggable;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.NoInterrupts;
import org.lodgevm.x86.state.Vector;

/** One CPU of a guest, the ports by which the guest stops it, and its interrupts. */
final class GuestCpu implements AutoCloseable {
    /** Ports: the test is over; raise the interrupt, or any NMI, whose number is written; a value that counts how often it was read. */
    static final int DONE = Handlers.CAUGHT + 1;
    static final int RAISE = Handlers.CAUGHT + 2;
    static final int NMI = Handlers.CAUGHT + 3;
    static final int COUNTER = Handlers.CAUGHT + 4;
    private static final int PORTS = 5;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /** What it reaches by physical addresses and ports. */
    final Bus bus;
    private final Guest guest;
    private final Vcpu vcpu;
    private final Clock clock;
    private final ConcurrentLinkedQueue<Integer> waiting = new ConcurrentLinkedQueue<>();
    private int rang;
    private int counter;

    GuestCpu(Accelerator.VcpuFactory factory, int index, Bus bus, Clock clock, Guest guest) {
        this.bus = bus;
        this.guest = guest;
        this.clock = clock;
        bus.mapPorts(Handlers.CAUGHT, PORTS, new Doorbell());
        vcpu = factory.create(index, bus, new Interrupts(), new Tsc(clock));
    }

    /** Runs until something stops the CPU, or for too long. */
    Stop run() {
        rang = 0;
        Clock.Timer watchdog = clock.timer(vcpu::kick);
        watchdog.arm(clock.nanos() + PATIENCE_NANOS);
        Vcpu.Exit exit = vcpu.run();
        watchdog.cancel();
        return switch (exit) {
            case SHUTDOWN -> Stop.of("shutdown");
            case FAILED -> Stop.of("failed: " + vcpu.failure());
            case DEBUGGED -> Stop.of(event(((Debuggable) vcpu).event()));
            case KICKED -> rang == DONE ? Stop.of("done") : rang == 0 ? Stop.of("did not end") : caught(vcpu.state());
        };
    }

    private static String event(Debuggable.Event event) {
        return switch (event) {
            case Debuggable.Event.Breakpoint(long linear) -> "breakpoint " + Long.toHexString(linear);
            case Debuggable.Event.Watched(Debuggable.Watchpoint watchpoint) -> "watched " + Long.toHexString(watchpoint.linear());
            case Debuggable.Event.Stepped() -> "stepped";
        };
    }

    void debug(Debuggable.Stops stops, Debuggable.Motion motion) {
        ((Debuggable) vcpu).debug(stops, motion);
    }

    /** From the stack of {@link Handlers}. */
    private Stop caught(VcpuState s) {
        int word = guest.mode.bits / 8;
        long stack = s.segments[2].base() + (word == 8 ? s.gpr[4] : s.gpr[4] & (1L << 8 * word) - 1);
        int vector = (int) word(stack, 0) & 0xff;
        int error = (int) word(stack, 1);
        long rip = word(stack, 2);
        int cs = (int) word(stack, 3) & 0xffff;
        boolean switched = word == 8 || word == 4 && ((cs & 3) > (s.segments[1].selector() & 3) || (word(stack, 4) >> 17 & 1) != 0);
        return new Stop(event(vector, error), rip, cs, word(stack, 4), switched ? word(stack, 5) : 0,
                switched ? (int) word(stack, 6) & 0xffff : 0, stack + 2L * word, s.cr2);
    }

    private static String event(int vector, int error) {
        if (vector > Vector.XM) {
            return "interrupt 0x%x".formatted(vector);
        }
        return Vector.name(vector) + (Vector.hasErrorCode(vector) ? "(0x%x)".formatted(error) : "");
    }

    private long word(long stack, int index) {
        return switch (guest.mode.bits) {
            case 64 -> guest.get64(stack + 8L * index);
            case 32 -> guest.get32(stack + 4L * index) & 0xffff_ffffL;
            default -> guest.get16(stack + 2L * index);
        };
    }

    void interrupt(int vector) {
        waiting.add(vector);
        vcpu.interrupt();
    }

    void kick() {
        vcpu.kick();
    }

    void nmi() {
        vcpu.nmi();
    }

    /** How often the guest has read the port {@link #COUNTER}. */
    int reads() {
        return counter;
    }

    /** One sentence on the last shutdown. */
    String failure() {
        return vcpu.failure();
    }

    Map<String, Long> counters() {
        return vcpu.counters();
    }

    VcpuState state() {
        return vcpu.state();
    }

    void state(VcpuState state) {
        vcpu.state(state);
    }

    @Override
    public void close() {
        vcpu.close();
    }

    private final class Doorbell implements IoRegion {
        @Override
        public long read(long offset, int size) {
            return ++counter;
        }

        @Override
        public void write(long offset, int size, long value) {
            int port = Handlers.CAUGHT + (int) offset;
            switch (port) {
                case RAISE -> interrupt((int) value & 0xff);
                case NMI -> nmi();
                default -> {
                    rang = port;
                    vcpu.kick();
                }
            }
        }
    }

    /** An interrupt controller without priorities. */
    private final class Interrupts extends NoInterrupts {
        @Override
        public boolean pending() {
            return !waiting.isEmpty();
        }

        @Override
        public int acknowledge() {
            Integer vector = waiting.poll();
            return vector == null ? -1 : vector;
        }

        @Override
        public void reset(boolean init) {
            waiting.clear();
        }
    }
}
