package org.lodgevm.devices.chipset.apic;

import org.lodgevm.devices.chipset.wiring.Window;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.VcpuSignals;

/**
 * A CPU's local APIC: its page of registers (xAPIC) or MSRs (x2APIC), and the CPU's view of both.
 *
 * <p>Its own monitor guards everything but {@code pending}, which the CPU reads without. What leaves the chip (IPIs, ends of
 * interrupt, the acknowledge cycle to the PIC) leaves after the monitor was released.
 */
public final class LocalApic implements LocalInterrupts, IoRegion {
    public static final long DEFAULT_BASE = 0xfee0_0000L;
    public static final int SIZE = 0x1000;

    static final class State {
        /** IA32_APIC_BASE. */
        long base;
        int spurious;
        /** ESR as read; errors since it was last written collect in {@link #newErrors}. */
        int errors;

        int newErrors;
        /** In the layout of {@link InterruptCommand}. */
        long interruptCommand;
        /** An ExtINT message came; nobody has run the acknowledge cycle for it yet. */
        boolean externalRequested;
        /** Derived: whether the CPU has an interrupt to take. */
        volatile boolean pending;

        final ApicIdentity.State identity = new ApicIdentity.State();
        final LocalVectorTable.State vectorTable = new LocalVectorTable.State();
        final InterruptQueue.State queue = new InterruptQueue.State();
        final ApicTimer.State timer = new ApicTimer.State();
    }

    /** IA32_APIC_BASE. @sdm 11.4.4 */
    static final class ApicBase {
        static final int MSR = 0x1b;
        static final long BSP = 1 << 8;
        static final long EXTD = 1 << 10;
        static final long ENABLE = 1 << 11;
        static final long ADDRESS = -1L << 12;
    }

    /** Spurious-interrupt vector register. @sdm 11.9 */
    static final class Svr {
        static final int ENABLE = 1 << 8;
        static final int SUPPRESS_EOI_BROADCAST = 1 << 12;
        static final int DEFINED = 0x13ff;
        static final int RESET = 0xff;
    }

    /** Error status register. @sdm 11.5.3 */
    static final class Esr {
        static final int SEND_ILLEGAL_VECTOR = 1 << 5;
        static final int RECEIVE_ILLEGAL_VECTOR = 1 << 6;
        static final int ILLEGAL_REGISTER = 1 << 7;
    }

    private static final int TSC_DEADLINE_MSR = 0x6e0;
    private static final int X2APIC_MSRS = 0x800;
    private static final int X2APIC_MSRS_SIZE = 0x100;

    /** Version 0x14, seven LVT entries, EOI broadcast can be suppressed. @sdm 11.4.8 */
    private static final int VERSION = 0x14 | LocalVectorTable.ENTRIES - 1 << 16 | 1 << 24;

    private static final int FIRST_LEGAL_VECTOR = 16;

    final State state = new State();
    private final int index;
    private final ApicBus bus;
    private final InterruptAcknowledge pic;
    private final long reservedBaseBits;
    private final Window page;
    private final AttachedCpu cpu = new AttachedCpu();
    private final ApicIdentity identity = new ApicIdentity(state.identity);
    private final LocalVectorTable lvt = new LocalVectorTable(state.vectorTable);
    private final InterruptQueue queue = new InterruptQueue(state.queue);
    private final ApicTimer timer;

    /**
     * @param index the initial APIC id; 0 is the bootstrap processor's
     * @param pic answers the acknowledge cycle for ExtINT
     * @param physicalAddressBits MAXPHYADDR
     * @param cpuBus the CPU's own bus, on which this maps its register page
     */
    public LocalApic(int index, Clock clock, Tsc tsc, ApicBus bus, InterruptAcknowledge pic, int physicalAddressBits,
            Bus cpuBus) {
        this.index = index;
        this.bus = bus;
        this.pic = pic;
        this.page = Window.ofMemory(cpuBus, this);
        this.reservedBaseBits = -1L << physicalAddressBits | 0xff | 1 << 9;
        this.timer = new ApicTimer(state.timer, clock, tsc, this::timerFired);
        reset(false);
    }

    /** Whom interrupts are signalled to. */
    public void attach(VcpuSignals signals) {
        cpu.attach(signals);
    }

    @Override
    public synchronized void reset(boolean init) {
        if (!init) {
            state.base = DEFAULT_BASE | ApicBase.ENABLE | (index == 0 ? ApicBase.BSP : 0);
            identity.id(index);
        }
        resetRegisters();
        placePage();
    }

    /** All but base and id. @sdm 11.4.7.1 */
    private void resetRegisters() {
        identity.reset();
        state.spurious = Svr.RESET;
        state.errors = 0;
        state.newErrors = 0;
        state.interruptCommand = 0;
        state.externalRequested = false;
        lvt.reset();
        queue.reset();
        timer.reset();
        update();
    }

    /** Programs the pins as firmware does: the PIC's interrupts at LINT0 of the bootstrap processor, NMI at LINT1. @sdm 11.4.7, "virtual wire" */
    public synchronized void programVirtualWire() {
        state.spurious |= Svr.ENABLE;
        writeLvt(ApicRegister.LVT_LINT0, DeliveryMode.EXT_INT.bits() | (index == 0 ? 0 : LocalVectorTable.MASKED));
        writeLvt(ApicRegister.LVT_LINT1, DeliveryMode.NMI.bits());
        update();
    }

    // ---- modes --------------------------------------------------------------------------------------------------

    private boolean isEnabled() {
        return (state.base & ApicBase.ENABLE) != 0;
    }

    private boolean isX2apic() {
        return (state.base & ApicBase.EXTD) != 0;
    }

    private boolean isSoftwareEnabled() {
        return (state.spurious & Svr.ENABLE) != 0;
    }

    private void placePage() {
        boolean visible = isEnabled() && !isX2apic();
        page.place(visible ? state.base & ApicBase.ADDRESS : Window.NOWHERE, SIZE);
    }

    /** @sdm 11.12.5, figure "Local x2APIC State Transitions" */
    private synchronized void writeBase(long value) {
        boolean enable = (value & ApicBase.ENABLE) != 0;
        boolean extended = (value & ApicBase.EXTD) != 0;
        boolean illegal = extended && (!enable || !isEnabled()) || enable && !extended && isX2apic();
        if (illegal || (value & reservedBaseBits) != 0) {
            throw MsrFault.INSTANCE;
        }
        boolean toggled = enable != isEnabled();
        state.base = value;
        if (toggled) {
            resetRegisters();
        }
        if (toggled || extended) {
            identity.id(index);
        }
        placePage();
    }

    // ---- what the CPU asks --------------------------------------------------------------------------------------

    @Override
    public boolean pending() {
        return state.pending;
    }

    @Override
    public int acknowledge() {
        synchronized (this) {
            if (!isExternalDue()) {
                int vector = queue.take();
                update();
                return vector;
            }
            state.externalRequested = false;
            update();
        }
        return pic.acknowledge();
    }

    /** Recomputes what depends on queue and pins, and tells the CPU. Called with the monitor held after every change. */
    private void update() {
        boolean pending = queue.hasDeliverable() || isExternalDue();
        state.pending = pending;
        if (pending) {
            cpu.interrupt();
        }
    }

    /** A disabled APIC passes LINT0 through to the CPU's INTR. @sdm 11.4.3 */
    private boolean isExternalDue() {
        if (!isEnabled()) {
            return lvt.isAsserted(0);
        }
        return state.externalRequested
                || lvt.isAsserted(0)
                        && !lvt.isMasked(ApicRegister.LVT_LINT0)
                        && lvt.mode(ApicRegister.LVT_LINT0) == DeliveryMode.EXT_INT;
    }

    @Override
    public synchronized int taskPriority() {
        return queue.taskPriority() >> 4;
    }

    @Override
    public synchronized void taskPriority(int cr8) {
        queue.taskPriority(cr8 << 4);
        update();
    }

    @Override
    public boolean ownsMsr(int msr) {
        return msr == ApicBase.MSR || msr == TSC_DEADLINE_MSR || msr >= X2APIC_MSRS && msr < X2APIC_MSRS + X2APIC_MSRS_SIZE;
    }

    @Override
    public synchronized long readMsr(int msr) {
        int register = msr - X2APIC_MSRS;
        if (msr == ApicBase.MSR) {
            return state.base;
        } else if (msr == TSC_DEADLINE_MSR) {
            return timer.deadline(timerMode());
        } else if (!isX2apic() || !ApicRegister.isReadableMsr(register)) {
            throw MsrFault.INSTANCE;
        }
        return register == ApicRegister.ICR ? state.interruptCommand : readRegister(register) & 0xffff_ffffL;
    }

    @Override
    public void writeMsr(int msr, long value) {
        int register = msr - X2APIC_MSRS;
        if (msr == ApicBase.MSR) {
            writeBase(value);
        } else if (msr == TSC_DEADLINE_MSR) {
            writeDeadline(value);
        } else if (!isX2apic()
                || !ApicRegister.isWritableMsr(register)
                || (value & ~ApicRegister.writableMsrBits(register)) != 0) {
            throw MsrFault.INSTANCE;
        } else if (register == ApicRegister.ICR) {
            sendIpi(new InterruptCommand(value));
        } else {
            writeRegister(register, (int) value);
        }
    }

    // ---- the register page --------------------------------------------------------------------------------------

    /** Registers are the first four bytes of every sixteen. */
    @Override
    public synchronized long read(long offset, int size) {
        int within = (int) offset & 0xf;
        if (within + size > Integer.BYTES) {
            return 0;
        }
        return (readRegister((int) offset >> 4) & 0xffff_ffffL) >>> 8 * within;
    }

    /** Other than whole aligned registers cannot be written. @sdm 11.4.1 */
    @Override
    public void write(long offset, int size, long value) {
        int register = (int) offset >> 4;
        if (size != Integer.BYTES || (offset & 0xf) != 0) {
            return;
        }
        if (register == ApicRegister.ICR) {
            sendIpi(InterruptCommand.ofXapic(destinationField(), (int) value));
        } else {
            writeRegister(register, (int) value);
        }
    }

    private synchronized int destinationField() {
        return (int) (state.interruptCommand >>> 32);
    }

    private int readRegister(int register) {
        return switch (register) {
            case ApicRegister.ID -> isX2apic() ? identity.id() : identity.id() << 24;
            case ApicRegister.VERSION -> VERSION;
            case ApicRegister.TPR -> queue.taskPriority();
            case ApicRegister.APR -> queue.arbitrationPriority();
            case ApicRegister.PPR -> queue.processorPriority();
            case ApicRegister.EOI, ApicRegister.RRD -> 0;
            case ApicRegister.LDR -> isX2apic() ? identity.x2apicLogicalDestination() : identity.logicalDestination();
            case ApicRegister.DFR -> identity.destinationFormat();
            case ApicRegister.SVR -> state.spurious;
            case ApicRegister.ESR -> state.errors;
            case ApicRegister.ICR -> (int) state.interruptCommand;
            case ApicRegister.ICR_HIGH -> destinationField() << 24;
            case ApicRegister.INITIAL_COUNT -> timer.initialCount();
            case ApicRegister.CURRENT_COUNT -> timer.currentCount(timerMode());
            case ApicRegister.DIVIDE_CONFIGURATION -> timer.divideConfiguration();
            default -> readTable(register);
        };
    }

    private int readTable(int register) {
        if (ApicRegister.isLvt(register)) {
            return lvt.entry(register);
        } else if (register >= ApicRegister.ISR && register < ApicRegister.TMR) {
            return state.queue.inService.words[register - ApicRegister.ISR];
        } else if (register >= ApicRegister.TMR && register < ApicRegister.IRR) {
            return state.queue.levelTriggered.words[register - ApicRegister.TMR];
        } else if (register >= ApicRegister.IRR && register < ApicRegister.ESR) {
            return state.queue.requested.words[register - ApicRegister.IRR];
        }
        raise(Esr.ILLEGAL_REGISTER);
        update();
        return 0;
    }

    private void writeRegister(int register, int value) {
        if (register == ApicRegister.EOI) {
            endOfInterrupt();
            return;
        }
        synchronized (this) {
            writeLocal(register, value);
            update();
        }
    }

    private void writeLocal(int register, int value) {
        switch (register) {
            case ApicRegister.ID -> identity.id(value >>> 24);
            case ApicRegister.TPR -> queue.taskPriority(value);
            case ApicRegister.LDR -> identity.logicalDestination(value);
            case ApicRegister.DFR -> identity.destinationFormat(value);
            case ApicRegister.SVR -> writeSpurious(value);
            case ApicRegister.ESR -> latchErrors();
            case ApicRegister.ICR_HIGH ->
                state.interruptCommand = state.interruptCommand & 0xffff_ffffL | (long) (value >>> 24) << 32;
            case ApicRegister.INITIAL_COUNT -> timer.initialCount(value, timerMode());
            case ApicRegister.DIVIDE_CONFIGURATION -> timer.divideConfiguration(value, timerMode());
            case ApicRegister.SELF_IPI -> writeSelfIpi(value);
            case ApicRegister.VERSION, ApicRegister.APR, ApicRegister.PPR, ApicRegister.RRD, ApicRegister.CURRENT_COUNT -> {}
            default -> {
                if (ApicRegister.isLvt(register)) {
                    writeLvt(register, value);
                } else if (register < ApicRegister.ISR || register >= ApicRegister.ESR) {
                    raise(Esr.ILLEGAL_REGISTER);
                }
            }
        }
    }

    /** @sdm 11.4.7.2 */
    private void writeSpurious(int value) {
        state.spurious = value & Svr.DEFINED;
        if (!isSoftwareEnabled()) {
            lvt.maskAll();
        }
    }

    private void latchErrors() {
        state.errors = state.newErrors;
        state.newErrors = 0;
    }

    private void writeLvt(int register, int value) {
        ApicTimer.Mode before = timerMode();
        lvt.entry(register, isSoftwareEnabled() ? value : value | LocalVectorTable.MASKED);
        timer.modeChanged(before, timerMode());
        requestLevelPins();
    }

    /** An edge is counted once per error until software has written ESR. */
    private void raise(int error) {
        if ((state.newErrors & error) == 0) {
            state.newErrors |= error;
            fire(ApicRegister.LVT_ERROR);
        }
    }

    // ---- the timer ----------------------------------------------------------------------------------------------

    private ApicTimer.Mode timerMode() {
        return ApicTimer.Mode.of(lvt.entry(ApicRegister.LVT_TIMER));
    }

    private synchronized void writeDeadline(long tsc) {
        if (timer.deadline(tsc, timerMode())) {
            fire(ApicRegister.LVT_TIMER);
            update();
        }
    }

    private synchronized void timerFired() {
        if (timer.expire(timerMode())) {
            fire(ApicRegister.LVT_TIMER);
            update();
        }
    }

    // ---- interrupts that begin here -----------------------------------------------------------------------------

    /** The source of an LVT entry, which is edge-triggered, wants an interrupt. */
    private void fire(int register) {
        if (!lvt.isMasked(register)) {
            int vector = lvt.entry(register) & LocalVectorTable.VECTOR;
            boolean alwaysFixed = register == ApicRegister.LVT_TIMER || register == ApicRegister.LVT_ERROR;
            take(alwaysFixed ? DeliveryMode.FIXED : lvt.mode(register), vector, false);
        }
    }

    /** LINT0 (the PIC's INTR) or LINT1 (NMI). */
    public IrqLine lint(int pin) {
        return asserted -> setPin(pin, asserted);
    }

    private synchronized void setPin(int pin, boolean asserted) {
        boolean rising = lvt.assertPin(pin, asserted);
        int register = ApicRegister.LVT_LINT0 + pin;
        boolean external = lvt.mode(register) == DeliveryMode.EXT_INT; // a level, which isExternalDue looks at
        if (!isEnabled()) {
            if (rising && pin == 1) {
                cpu.nmi();
            }
        } else if (LocalVectorTable.isLevelFixed(lvt.entry(register))) {
            requestLevelPins();
        } else if (rising && !external) {
            fire(register);
        }
        update();
    }

    private void requestLevelPins() {
        for (int pin = 0; pin < 2; pin++) {
            if (lvt.beginLevel(pin)) {
                int entry = lvt.entry(ApicRegister.LVT_LINT0 + pin);
                take(DeliveryMode.FIXED, entry & LocalVectorTable.VECTOR, true);
            }
        }
    }

    private void writeSelfIpi(int vector) {
        if (!isX2apic()) {
            raise(Esr.ILLEGAL_REGISTER);
        } else if (vector < FIRST_LEGAL_VECTOR) {
            raise(Esr.SEND_ILLEGAL_VECTOR);
        } else {
            take(DeliveryMode.FIXED, vector, false);
        }
    }

    private void sendIpi(InterruptCommand command) {
        InterruptMessage message;
        synchronized (this) {
            state.interruptCommand = command.value() & (InterruptCommand.DESTINATION_FIELD | InterruptCommand.DEFINED)
                    & ~(long) InterruptCommand.DELIVERY_STATUS;
            if (command.hasIllegalVector()) {
                raise(Esr.SEND_ILLEGAL_VECTOR);
                update();
                return;
            }
            message = command.message(isX2apic());
        }
        boolean deliverable = message.mode() != DeliveryMode.RESERVED && message.mode() != DeliveryMode.EXT_INT;
        if (!deliverable || command.isInitDeassert()) {
            return;
        }
        switch (command.shorthand()) {
            case SELF -> accept(message);
            case ALL_EXCLUDING_SELF -> bus.deliver(message, this);
            case NONE, ALL_INCLUDING_SELF -> bus.deliver(message);
        }
    }

    private void endOfInterrupt() {
        boolean broadcast;
        int vector;
        synchronized (this) {
            vector = queue.finish();
            boolean level = vector >= 0 && queue.isLevelTriggered(vector);
            broadcast = level && (state.spurious & Svr.SUPPRESS_EOI_BROADCAST) == 0;
            if (level) {
                lvt.endLevel(vector);
                requestLevelPins();
            }
            update();
        }
        if (broadcast) {
            bus.endOfInterrupt(vector);
        }
    }

    // ---- interrupts that arrive over the bus ----------------------------------------------------------------------

    synchronized boolean isAddressedBy(InterruptMessage message) {
        return isEnabled() && identity.matches(message, isX2apic());
    }

    synchronized int arbitrationPriority() {
        return isSoftwareEnabled() ? queue.arbitrationPriority() : Integer.MAX_VALUE;
    }

    /** @return false when the APIC is disabled by software and the interrupt not one of those it takes even so. @sdm 11.4.7.2 */
    synchronized boolean accept(InterruptMessage message) {
        if (message.mode().isVectored() && !isSoftwareEnabled()) {
            return false;
        }
        take(message.mode(), message.vector(), message.level());
        update();
        return true;
    }

    private void take(DeliveryMode mode, int vector, boolean level) {
        switch (mode) {
            case FIXED, LOWEST_PRIORITY -> {
                if (vector < FIRST_LEGAL_VECTOR) {
                    raise(Esr.RECEIVE_ILLEGAL_VECTOR);
                } else {
                    queue.request(vector, level);
                }
            }
            case NMI -> cpu.nmi();
            case INIT -> cpu.init();
            case STARTUP -> cpu.startup(vector);
            case EXT_INT -> state.externalRequested = true;
            case SMI, RESERVED -> {} // no system management mode
        }
    }
}
