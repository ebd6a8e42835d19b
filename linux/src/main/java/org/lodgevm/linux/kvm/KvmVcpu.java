package org.lodgevm.linux.kvm;

import java.util.Map;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;

/** A CPU that the host's own processor executes, as the rest of the machine sees it. */
final class KvmVcpu implements Vcpu, RunLoop.Life {
    private static final int RDX = 2;
    private static final int CS = 1;
    private static final long INTERRUPTS_ENABLED = 1 << 9;
    /** CD and NW, which INIT leaves as they are. @sdm table 10-1 */
    private static final long CR0_CACHE = 3L << 29;

    private static final int STARTUP_VECTORS = 0xff;

    /** {@code struct kvm_steal_time}. Source: Linux's arch/x86/include/uapi/asm/kvm_para.h. */
    private static final int STEAL_TIME_SIZE = 64;

    private static final int STEAL_TIME_PREEMPTED = 16;

    private final int index;
    private final VcpuHandle handle;
    private final LocalInterrupts interrupts;
    private final Registers registers;
    private final ExtendedState extended;
    private final Events events;
    private final MsrSet msrs;
    private final Attention attention;
    private final RunLoop loop;
    private final VcpuState initial;
    private final boolean lendsApic;

    /**
     * @param handle with its CPUID set
     * @param signature in RDX after a reset. @sdm 10.1.2
     * @param apics the board's if they are lent to the kernel while the machine runs, else null
     */
    KvmVcpu(int index, VcpuHandle handle, MsrSet msrs, ExtendedState extended, int signature, Bus bus, LocalInterrupts interrupts,
            LocalApics apics, Trace trace) {
        this.index = index;
        this.handle = handle;
        this.interrupts = interrupts;
        this.msrs = msrs;
        registers = new Registers(handle.handle());
        this.extended = extended;
        events = new Events(handle.handle());
        attention = new Attention(handle.area());
        lendsApic = apics != null;
        ExitHandler exits = new ExitHandler(handle.area(), bus, interrupts, apics, trace);
        loop = new RunLoop(handle, handle.area(), exits, interrupts, lendsApic, attention, this);
        initial = powerUpState(signature);
    }

    /** The kernel's vCPUs begin as after a reset, but for the signature. */
    private VcpuState powerUpState(int signature) {
        VcpuState state = state();
        state.gpr[RDX] = signature & 0xffff_ffffL;
        state.waitingForStartup = index != 0;
        return state;
    }

    @Override
    public Exit run() {
        return loop.run();
    }

    @Override
    public void kick() {
        attention.ask(Attention.KICK);
    }

    @Override
    public void interrupt() {
        attention.ask(Attention.INTERRUPT);
    }

    @Override
    public void nmi() {
        attention.ask(Attention.NMI);
    }

    @Override
    public void init() {
        attention.ask(Attention.INIT);
    }

    @Override
    public void startup(int vector) {
        attention.askStartup(vector);
    }

    @Override
    public String failure() {
        return loop.failure();
    }

    @Override
    public void reset() {
        attention.answer(~Attention.KICK);
        load(initial);
    }

    @Override
    public VcpuState state() {
        VcpuState state = new VcpuState();
        events.save(state); // CR2 and DR6 follow when the kernel is asked for an exception that has not begun
        registers.save(state);
        extended.save(state);
        msrs.save(handle.handle(), state);
        state.cr8 = interrupts.taskPriority();
        state.halted = loop.halted;
        state.waitingForStartup = loop.waitingForStartup;
        int asked = attention.asked();
        state.nmiPending |= (asked & Attention.NMI) != 0;
        state.initPending = (asked & Attention.INIT) != 0;
        state.startupPending = (asked & Attention.STARTUP) != 0 ? attention.startupVector() : VcpuState.NO_STARTUP;
        VcpuHandle.Times stopped = handle.stopped();
        if (stopped != null) {
            state.tsc = stopped.tsc();
            state.systemTime = stopped.clock();
        }
        return state;
    }

    @Override
    public void state(VcpuState state) {
        load(state);
        VcpuHandle.Times stopped = handle.stopped();
        if (state.tsc != null && stopped != null) {
            handle.stopped(new VcpuHandle.Times(state.tsc, state.systemTime == null ? stopped.clock() : state.systemTime));
        }
        if (state.initPending) {
            attention.ask(Attention.INIT);
        }
        if (state.startupPending != VcpuState.NO_STARTUP) {
            attention.askStartup(state.startupPending & STARTUP_VECTORS);
        }
    }

    private void load(VcpuState state) {
        registers.restoreSystem(state);
        extended.restore(state);
        msrs.restore(handle.handle(), state);
        events.restore(state);
        registers.restoreGeneral(state);
        boolean enabled = (state.rflags & INTERRUPTS_ENABLED) != 0;
        // a local APIC of the kernel's has a say in it, which the loop asks for
        handle.area().readiness(enabled, enabled && !state.interruptShadow && state.event == null && !lendsApic);
        loop.halted = state.halted;
        loop.waitingForStartup = state.waitingForStartup;
        attention.ask(Attention.INTERRUPT);
    }

    /**
     * The kernel tells the guest of a vCPU that does not run, by its record of stolen time. In a machine that stands still none does, and where
     * it goes on perhaps nobody takes that back.
     */
    void showAsRunning(GuestMemory memory) {
        Long record = msrs.value(handle.handle(), Msr.KVM_STEAL_TIME);
        if (record != null && (record & Msr.KVM_MSR_ENABLED) != 0) {
            long preempted = (record & -STEAL_TIME_SIZE) + STEAL_TIME_PREEMPTED;
            GuestMemory.Slot slot = memory.slot(preempted);
            if (slot != null && !slot.readOnly()) {
                memory.write(preempted, new byte[1]);
            }
        }
    }

    // ---- a local APIC of the kernel's ----------------------------------------------------------------------------------

    /** The machine stands still. @return the vector of an interrupt that the guest is to have, -1 for none */
    int endAsyncFaults(GuestMemory memory) {
        return new AsyncFaults(handle.handle(), msrs).endAll(memory);
    }

    /** The machine stands still: what the kernel knew about this vCPU's waiting is known here. */
    void learnActivity() {
        Activity activity = Activity.of(handle.handle());
        loop.halted = activity == Activity.HALTED;
        loop.waitingForStartup = activity == Activity.WAITING_FOR_STARTUP || activity == Activity.UNINITIALIZED;
    }

    /** The machine goes on, and the kernel knows about waiting what is known here. */
    void tellActivity() {
        loop.initializeAndStart();
        Activity activity = loop.waitingForStartup ? Activity.WAITING_FOR_STARTUP : loop.halted ? Activity.HALTED : Activity.RUNNING;
        activity.set(handle.handle());
    }

    // ---- what the run loop asks ---------------------------------------------------------------------------------------

    /** MSRs, vector and x87 state and CR0's cache bits stay. @sdm table 10-1 */
    @Override
    public boolean initialize() {
        VcpuState state = state();
        VcpuState after = new VcpuState();
        System.arraycopy(initial.gpr, 0, after.gpr, 0, after.gpr.length);
        System.arraycopy(initial.segments, 0, after.segments, 0, after.segments.length);
        System.arraycopy(initial.dr, 0, after.dr, 0, after.dr.length);
        after.rip = initial.rip;
        after.rflags = initial.rflags;
        after.ldtr = initial.ldtr;
        after.tr = initial.tr;
        after.gdtr = initial.gdtr;
        after.idtr = initial.idtr;
        after.cr0 = initial.cr0 & ~CR0_CACHE | state.cr0 & CR0_CACHE;
        after.xcr0 = state.xcr0;
        after.xsave = state.xsave;
        after.msrs.putAll(state.msrs);
        after.msrs.put(Msr.IA32_EFER, initial.msrs.get(Msr.IA32_EFER));
        after.waitingForStartup = initial.waitingForStartup;
        interrupts.reset(true);
        load(after);
        return after.waitingForStartup;
    }

    @Override
    public void start(int vector) {
        VcpuState state = state();
        VcpuState.Segment cs = state.segments[CS];
        state.segments[CS] = new VcpuState.Segment(vector << 8, (long) vector << 12, cs.limit(), cs.attributes());
        state.rip = 0;
        load(state);
    }

    @Override
    public String describe() {
        return RegisterText.line(index, state());
    }

    // ---- figures ------------------------------------------------------------------------------------------------------

    @Override
    public long instructions() {
        return 0;
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("guest entries", loop.entries());
    }

    @Override
    public void close() {
        handle.close();
    }
}
