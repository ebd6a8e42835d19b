package org.lodgevm.devices.chipset.apic;

import org.lodgevm.machine.ApicRegisters;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.Tsc;

/**
 * The registers of a local APIC and what they bring about inside it and at its CPU. Guarded by the monitor of its
 * {@link LocalApic}, which sends what leaves it.
 */
final class ApicCore {
    static final class State {
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
        /** Somebody else has the APIC; what is left here is as if disabled. */
        transient boolean lent;

        final ApicIdentity.State identity = new ApicIdentity.State();
        final LocalVectorTable.State vectorTable = new LocalVectorTable.State();
        final InterruptQueue.State queue = new InterruptQueue.State();
        final ApicTimer.State timer = new ApicTimer.State();
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

    /** Version 0x14, seven LVT entries, EOI broadcast can be suppressed. @sdm 11.4.8 */
    private static final int VERSION = 0x14 | LocalVectorTable.ENTRIES - 1 << 16 | 1 << 24;

    private static final int FIRST_LEGAL_VECTOR = 16;
    private static final int ID_SHIFT = 24;

    final State state;
    private final int index;
    private final ApicBase base;
    private final AttachedCpu cpu;
    private final ApicIdentity identity;
    private final LocalVectorTable lvt;
    private final InterruptQueue queue;
    private final ApicTimer timer;

    /** @param timerTask runs on the clock's thread; it takes the monitor and calls {@link #expireTimer} */
    ApicCore(State state, int index, ApicBase base, AttachedCpu cpu, Clock clock, Tsc tsc, Runnable timerTask) {
        this.state = state;
        this.index = index;
        this.base = base;
        this.cpu = cpu;
        this.identity = new ApicIdentity(state.identity);
        this.lvt = new LocalVectorTable(state.vectorTable);
        this.queue = new InterruptQueue(state.queue);
        this.timer = new ApicTimer(state.timer, clock, tsc, timerTask);
    }

    /** All but the id. @sdm 11.4.7.1 */
    void reset() {
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

    void resetId() {
        identity.id(index);
    }

    /** @sdm 11.4.7, "virtual wire" */
    void programVirtualWire() {
        state.spurious |= Svr.ENABLE;
        writeLvt(ApicRegister.LVT_LINT0, DeliveryMode.EXT_INT.bits() | (index == 0 ? 0 : LocalVectorTable.MASKED));
        writeLvt(ApicRegister.LVT_LINT1, DeliveryMode.NMI.bits());
        update();
    }

    private boolean isSoftwareEnabled() {
        return (state.spurious & Svr.ENABLE) != 0;
    }

    // ---- the CPU's side -------------------------------------------------------------------------------------------

    /** Recomputes what depends on queue and pins, and tells the CPU. Called after every change. */
    private void update() {
        boolean pending = queue.hasDeliverable() || isExternalDue();
        state.pending = pending;
        if (pending) {
            cpu.interrupt();
        }
    }

    /** Whether the PIC is to be asked for the vector. A disabled APIC passes LINT0 through to the CPU's INTR. @sdm 11.4.3 */
    boolean isExternalDue() {
        if (passesPins()) {
            return lvt.isAsserted(0);
        }
        return state.externalRequested
                || lvt.isAsserted(0)
                        && !lvt.isMasked(ApicRegister.LVT_LINT0)
                        && lvt.mode(ApicRegister.LVT_LINT0) == DeliveryMode.EXT_INT;
    }

    private boolean passesPins() {
        return state.lent || !base.isEnabled();
    }

    /** Somebody is about to ask the PIC. */
    void takeExternal() {
        state.externalRequested = false;
        update();
    }

    /** @return the vector that goes into service, or -1 */
    int take() {
        int vector = queue.take();
        update();
        return vector;
    }

    int taskPriority() {
        return queue.taskPriority();
    }

    void taskPriority(int tpr) {
        queue.taskPriority(tpr);
        update();
    }

    /** The CPU wrote EOI. @return the vector whose end the I/O APICs are to hear of, or -1 */
    int endOfInterrupt() {
        int vector = queue.finish();
        boolean level = vector >= 0 && queue.isLevelTriggered(vector);
        if (level) {
            lvt.endLevel(vector);
            requestLevelPins();
        }
        update();
        return level && (state.spurious & Svr.SUPPRESS_EOI_BROADCAST) == 0 ? vector : -1;
    }

    // ---- handing over ---------------------------------------------------------------------------------------------

    /** @return the registers as in a page. Nothing but the pins is of any use here until {@link #takeBack}. */
    int[] lend() {
        settleTimer();
        int[] registers = new int[ApicRegisters.COUNT];
        registers[ApicRegister.ID] = identity.id() << ID_SHIFT;
        registers[ApicRegister.LDR] = identity.logicalDestination();
        registers[ApicRegister.DFR] = identity.destinationFormat();
        registers[ApicRegister.SVR] = state.spurious;
        registers[ApicRegister.ESR] = state.errors;
        registers[ApicRegister.ICR] = (int) state.interruptCommand;
        registers[ApicRegister.ICR_HIGH] = base.isX2apic() ? destinationField() : destinationField() << ID_SHIFT;
        queue.save(registers);
        lvt.save(registers);
        timer.lend(timerMode(), registers);
        queue.reset();
        state.externalRequested = false;
        state.lent = true;
        update();
        return registers;
    }

    void takeBack(int[] registers) {
        state.lent = false;
        identity.id(registers[ApicRegister.ID] >>> ID_SHIFT);
        if (!base.isX2apic()) {
            identity.logicalDestination(registers[ApicRegister.LDR]);
            identity.destinationFormat(registers[ApicRegister.DFR]);
        }
        state.spurious = registers[ApicRegister.SVR] & Svr.DEFINED;
        state.errors = registers[ApicRegister.ESR];
        state.newErrors = 0;
        int high = registers[ApicRegister.ICR_HIGH];
        state.interruptCommand = registers[ApicRegister.ICR] & InterruptCommand.DEFINED & 0xffff_ffffL
                | (base.isX2apic() ? high & 0xffff_ffffL : high >>> ID_SHIFT) << 32;
        queue.restore(registers);
        lvt.restore(registers);
        timer.takeBack(timerMode(), registers);
        update();
    }

    // ---- registers ------------------------------------------------------------------------------------------------

    int read(int register) {
        return switch (register) {
            case ApicRegister.ID -> base.isX2apic() ? identity.id() : identity.id() << 24;
            case ApicRegister.VERSION -> VERSION;
            case ApicRegister.TPR -> queue.taskPriority();
            case ApicRegister.APR -> queue.arbitrationPriority();
            case ApicRegister.PPR -> queue.processorPriority();
            case ApicRegister.EOI, ApicRegister.RRD -> 0;
            case ApicRegister.LDR -> base.isX2apic() ? identity.x2apicLogicalDestination() : identity.logicalDestination();
            case ApicRegister.DFR -> identity.destinationFormat();
            case ApicRegister.SVR -> state.spurious;
            case ApicRegister.ESR -> state.errors;
            case ApicRegister.ICR -> (int) state.interruptCommand;
            case ApicRegister.ICR_HIGH -> destinationField() << 24;
            case ApicRegister.INITIAL_COUNT -> timer.initialCount();
            case ApicRegister.CURRENT_COUNT -> currentCount();
            case ApicRegister.DIVIDE_CONFIGURATION -> timer.divideConfiguration();
            default -> readTable(register);
        };
    }

    private int currentCount() {
        settleTimer();
        return timer.currentCount(timerMode());
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

    /** EOI and ICR, which do more than that, have methods of their own. */
    void write(int register, int value) {
        writeRegister(register, value);
        update();
    }

    private void writeRegister(int register, int value) {
        switch (register) {
            case ApicRegister.ID -> identity.id(value >>> 24);
            case ApicRegister.TPR -> queue.taskPriority(value);
            case ApicRegister.LDR -> identity.logicalDestination(value);
            case ApicRegister.DFR -> identity.destinationFormat(value);
            case ApicRegister.SVR -> writeSpurious(value);
            case ApicRegister.ESR -> latchErrors();
            case ApicRegister.ICR_HIGH -> destinationField(value >>> 24);
            case ApicRegister.INITIAL_COUNT, ApicRegister.DIVIDE_CONFIGURATION -> writeTimer(register, value);
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

    /** Of ICR: 8 bits in xAPIC mode. */
    int destinationField() {
        return (int) (state.interruptCommand >>> 32);
    }

    private void destinationField(int destination) {
        state.interruptCommand = state.interruptCommand & 0xffff_ffffL | (long) destination << 32;
    }

    /** @sdm 11.4.7.2 */
    private void writeSpurious(int value) {
        state.spurious = value & Svr.DEFINED;
        if (!isSoftwareEnabled()) {
            lvt.maskAll();
        }
    }

    private void writeTimer(int register, int value) {
        settleTimer();
        if (register == ApicRegister.INITIAL_COUNT) {
            timer.initialCount(value, timerMode());
        } else {
            timer.divideConfiguration(value, timerMode());
        }
    }

    private void latchErrors() {
        state.errors = state.newErrors;
        state.newErrors = 0;
    }

    private void writeLvt(int register, int value) {
        settleTimer();
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

    private ApicTimer.Mode timerMode() {
        return ApicTimer.Mode.of(lvt.entry(ApicRegister.LVT_TIMER));
    }

    long deadline() {
        settleTimer();
        return timer.deadline(timerMode());
    }

    void deadline(long tsc) {
        settleTimer();
        if (timer.deadline(tsc, timerMode())) {
            fire(ApicRegister.LVT_TIMER);
            update();
        }
    }

    /** Before the guest looks at the timer or changes it: what it is to do by now it has done. */
    private void settleTimer() {
        if (timer.isDue(timerMode())) {
            expireTimer();
        }
    }

    void expireTimer() {
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
            deliver(alwaysFixed ? DeliveryMode.FIXED : lvt.mode(register), vector, false);
        }
    }

    void setPin(int pin, boolean asserted) {
        boolean rising = lvt.assertPin(pin, asserted);
        int register = ApicRegister.LVT_LINT0 + pin;
        boolean external = lvt.mode(register) == DeliveryMode.EXT_INT; // a level, which isExternalDue looks at
        if (passesPins()) {
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
                deliver(DeliveryMode.FIXED, entry & LocalVectorTable.VECTOR, true);
            }
        }
    }

    private void writeSelfIpi(int vector) {
        if (!base.isX2apic()) {
            raise(Esr.ILLEGAL_REGISTER);
        } else if (vector < FIRST_LEGAL_VECTOR) {
            raise(Esr.SEND_ILLEGAL_VECTOR);
        } else {
            deliver(DeliveryMode.FIXED, vector, false);
        }
    }

    /** ICR was written. @return the message to send, or null if none is */
    InterruptMessage command(InterruptCommand command) {
        state.interruptCommand = command.value() & (InterruptCommand.DESTINATION_FIELD | InterruptCommand.DEFINED)
                & ~(long) InterruptCommand.DELIVERY_STATUS;
        if (command.hasIllegalVector()) {
            raise(Esr.SEND_ILLEGAL_VECTOR);
            update();
            return null;
        }
        boolean sendable = command.mode() != DeliveryMode.RESERVED && command.mode() != DeliveryMode.EXT_INT;
        return sendable && !command.isInitDeassert() ? command.message(base.isX2apic()) : null;
    }

    // ---- interrupts that arrive -------------------------------------------------------------------------------------

    boolean isAddressedBy(InterruptMessage message) {
        return base.isEnabled() && identity.matches(message, base.isX2apic());
    }

    boolean holds(int vector) {
        return state.queue.requested.contains(vector) || state.queue.inService.contains(vector);
    }

    int arbitrationPriority() {
        return isSoftwareEnabled() ? queue.arbitrationPriority() : Integer.MAX_VALUE;
    }

    /** @return false when the APIC is disabled by software and the interrupt not one of those it takes even so. @sdm 11.4.7.2 */
    boolean accept(InterruptMessage message) {
        if (message.mode().isVectored() && !isSoftwareEnabled()) {
            return false;
        }
        deliver(message.mode(), message.vector(), message.level());
        update();
        return true;
    }

    private void deliver(DeliveryMode mode, int vector, boolean level) {
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
