package org.lodgevm.devices.chipset.serial;

import java.util.stream.Stream;
import org.lodgevm.devices.chipset.serial.UartRegister.Fcr;
import org.lodgevm.devices.chipset.serial.UartRegister.Ier;
import org.lodgevm.devices.chipset.serial.UartRegister.Iir;
import org.lodgevm.devices.chipset.serial.UartRegister.Lcr;
import org.lodgevm.devices.chipset.serial.UartRegister.Lsr;
import org.lodgevm.devices.chipset.serial.UartRegister.Mcr;
import org.lodgevm.devices.chipset.serial.UartRegister.Msr;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.state.Restorable;

/**
 * A 16550A. Byte-wide registers.
 *
 * <p>Departures from a PC's wiring, for guests that were written on emulators and would be deaf on hardware: OUT2 gates the
 * interrupt, and RTS the host's sending, only once the guest has set them.
 */
public final class Uart implements IoRegion, Restorable, AutoCloseable {
    public static final int SIZE = 8;

    static final class State {
        int ier;
        int fcr;
        int lcr;
        int mcr;
        int msr;
        int scr;
        int divisor;
        /** OVERRUN of LSR; its other bits follow from the FIFOs. */
        boolean overrun;

        final ByteFifo receive = new ByteFifo();
        final ByteFifo transmit = new ByteFifo();
        /** Received bytes that the guest cleared from its FIFO unread: the host sends them again. */
        final ByteFifo unread = new ByteFifo();
        /** The transmitter has run empty and IIR has not said so yet. */
        boolean transmitInterrupt;
        /** Bytes have waited below the trigger level for four character times. */
        boolean timeout;
        /** Reads of LSR since the guest last wrote, until they are enough: from then on, since it last programmed the port. */
        int polls;

        boolean out2Used;
        boolean rtsUsed;
        /** The machine stands still: nothing moves between the FIFOs and the host. */
        transient boolean paused;

        transient boolean closed;
    }

    /** So many reads of LSR with nothing sent are not the wait for the transmitter any more: the guest polls for input. */
    private static final int LISTENING_POLLS = 8;

    private static final int POWER_UP_DIVISOR = 12; // 9600 Bd
    private static final long CRYSTAL = 1_843_200;
    private static final int SAMPLES_PER_BIT = 16;
    private static final int TIMEOUT_CHARACTERS = 4;
    /** Modem signals of the host's end. */
    private static final int CONNECTED = Msr.CTS | Msr.DSR | Msr.DCD;

    final State state = new State();
    private final Clock clock;
    private final IrqLine irq;
    private final Clock.Timer timeout;
    private final SerialOutput output;

    /** @param name of its threads */
    public Uart(String name, Clock clock, IrqLine irq, SerialEndpoint endpoint) {
        this.clock = clock;
        this.irq = irq;
        this.timeout = clock.timer(this::timedOut);
        this.output = new SerialOutput(name + "-out", endpoint.output(), this::transmitAgain);
        reset();
        SerialInput.start(name + "-in", endpoint.input(), this);
    }

    /** Bytes received and not read are received again. */
    public synchronized void reset() {
        clearReceive();
        state.ier = 0;
        state.lcr = 0;
        state.mcr = 0;
        state.scr = 0;
        state.divisor = POWER_UP_DIVISOR;
        state.msr = CONNECTED;
        state.out2Used = false;
        state.rtsUsed = false;
        state.polls = 0;
        writeFcr(0);
        state.overrun = false;
        state.transmit.clear();
        state.transmitInterrupt = false;
        update();
    }

    /** On return the state is the guest's alone, until {@link #resume}. */
    public synchronized void pause() {
        state.paused = true;
    }

    public synchronized void resume() {
        state.paused = false;
        moveOn();
    }

    /** What waits on either side may go on, unless the machine stands still. */
    @Override
    public synchronized void restored() {
        Stream.of(state.receive, state.transmit, state.unread).forEach(ByteFifo::check);
        moveOn();
    }

    private void moveOn() {
        if (!state.transmit.isEmpty()) {
            transmit();
        }
        listen();
        update();
    }

    // ---- the host's side ------------------------------------------------------------------------------------------

    /** Waits until the guest takes a byte. @return false if the UART was closed meanwhile */
    synchronized boolean receive(byte value) {
        try {
            while (!state.closed && (state.paused || !(isListening() && state.unread.isEmpty()))) {
                wait();
            }
        } catch (InterruptedException e) {
            return false;
        }
        if (!state.closed) {
            received(value & 0xff);
            update();
        }
        return !state.closed;
    }

    /** The host sends a break: a zero byte with its mark. */
    public synchronized void receiveBreak() {
        received(Lsr.BREAK << 8);
        update();
    }

    private boolean isListening() {
        boolean held = isLoopback() || state.rtsUsed && (state.mcr & Mcr.RTS) == 0;
        boolean wanted = (state.ier & Ier.RECEIVED) != 0 || isPolling();
        return wanted && !held && state.receive.count() < capacity();
    }

    private boolean isPolling() {
        return state.polls >= LISTENING_POLLS;
    }

    /** First what the guest has not read, then the thread that waits in {@link #receive}. */
    private void listen() {
        while (!state.paused && !state.unread.isEmpty() && isListening()) {
            received(state.unread.remove());
        }
        if (isListening()) {
            notifyAll();
        }
    }

    /** Where what the guest sends goes. */
    public SerialOutput output() {
        return output;
    }

    /** Ends the threads; what was sent is still written. */
    @Override
    public synchronized void close() {
        state.closed = true;
        notifyAll();
        output.close();
    }

    // ---- receiver -------------------------------------------------------------------------------------------------

    private boolean hasFifos() {
        return (state.fcr & Fcr.ENABLE) != 0;
    }

    private int capacity() {
        return hasFifos() ? ByteFifo.SIZE : 1;
    }

    private int trigger() {
        return hasFifos() ? Fcr.trigger(state.fcr) : 1;
    }

    private boolean isLoopback() {
        return (state.mcr & Mcr.LOOPBACK) != 0;
    }

    /** A character, with error bits 8 above those of LSR, has come in. */
    private void received(int entry) {
        if (state.receive.count() < capacity()) {
            state.receive.add(entry);
        } else {
            state.overrun = true;
            if (!hasFifos()) {
                state.receive.clear(); // without FIFOs it is the old character that is lost
                state.receive.add(entry);
            }
        }
        restartTimeout();
    }

    private int readRbr() {
        int value = state.receive.isEmpty() ? 0 : state.receive.remove() & 0xff;
        restartTimeout();
        listen();
        return value;
    }

    private void restartTimeout() {
        state.timeout = false;
        if (hasFifos() && !state.receive.isEmpty() && state.receive.count() < trigger()) {
            long bits = (long) TIMEOUT_CHARACTERS * Lcr.bits(state.lcr) * Math.max(1, state.divisor);
            timeout.arm(clock.nanos() + bits * SAMPLES_PER_BIT * 1_000_000_000 / CRYSTAL);
        } else {
            timeout.cancel();
        }
    }

    private synchronized void timedOut() {
        state.timeout = !state.receive.isEmpty();
        update();
    }

    private void clearReceive() {
        while (!state.receive.isEmpty()) {
            int entry = state.receive.remove();
            if (!isLoopback() && state.unread.count() < ByteFifo.SIZE) {
                state.unread.add(entry);
            }
        }
        restartTimeout();
    }

    // ---- transmitter ----------------------------------------------------------------------------------------------

    private void writeThr(int value) {
        state.transmitInterrupt = false;
        update();
        if (isLoopback()) {
            int unused = Lcr.WORD_LENGTH - (state.lcr & Lcr.WORD_LENGTH);
            received(value & 0xff >> unused);
            state.transmitInterrupt = true;
        } else {
            if (state.transmit.count() < capacity()) {
                state.transmit.add(value); // whole bytes, for guests that print before they program LCR
            }
            transmit();
        }
    }

    private void transmit() {
        while (!state.paused && !state.transmit.isEmpty() && output.offer(state.transmit.peek())) {
            state.transmit.remove();
        }
        state.transmitInterrupt |= state.transmit.isEmpty();
    }

    private synchronized void transmitAgain() {
        if (!state.paused) {
            transmit();
            update();
        }
    }

    // ---- modem ----------------------------------------------------------------------------------------------------

    private void writeMcr(int value) {
        state.mcr = value & Mcr.DEFINED;
        state.out2Used |= (value & Mcr.OUT2) != 0;
        state.rtsUsed |= (value & Mcr.RTS) != 0 && !isLoopback();
        modemInputs(isLoopback() ? loopedBack(value) : CONNECTED);
        listen();
    }

    private static int loopedBack(int mcr) {
        return ((mcr & Mcr.RTS) != 0 ? Msr.CTS : 0)
                | ((mcr & Mcr.DTR) != 0 ? Msr.DSR : 0)
                | ((mcr & Mcr.OUT1) != 0 ? Msr.RI : 0)
                | ((mcr & Mcr.OUT2) != 0 ? Msr.DCD : 0);
    }

    private void modemInputs(int inputs) {
        int changed = state.msr ^ inputs;
        int deltas = ((changed & Msr.CTS) != 0 ? Msr.DELTA_CTS : 0)
                | ((changed & Msr.DSR) != 0 ? Msr.DELTA_DSR : 0)
                | ((changed & state.msr & Msr.RI) != 0 ? Msr.TRAILING_RI : 0)
                | ((changed & Msr.DCD) != 0 ? Msr.DELTA_DCD : 0);
        state.msr = inputs | state.msr & Msr.DELTAS | deltas;
    }

    // ---- interrupts -----------------------------------------------------------------------------------------------

    private int characterErrors() {
        return state.receive.isEmpty() ? 0 : state.receive.peek() >> 8;
    }

    private int interruptCause() {
        if ((state.ier & Ier.LINE_STATUS) != 0 && (state.overrun || characterErrors() != 0)) {
            return Iir.LINE_STATUS;
        } else if ((state.ier & Ier.RECEIVED) != 0 && state.receive.count() >= trigger()) {
            return Iir.RECEIVED;
        } else if ((state.ier & Ier.RECEIVED) != 0 && state.timeout) {
            return Iir.TIMEOUT;
        } else if ((state.ier & Ier.TRANSMIT_EMPTY) != 0 && state.transmitInterrupt) {
            return Iir.TRANSMIT_EMPTY;
        } else if ((state.ier & Ier.MODEM_STATUS) != 0 && (state.msr & Msr.DELTAS) != 0) {
            return Iir.MODEM_STATUS;
        }
        return Iir.NONE;
    }

    private void update() {
        boolean gate = !state.out2Used || (state.mcr & Mcr.OUT2) != 0;
        irq.set(gate && interruptCause() != Iir.NONE);
    }

    // ---- registers ------------------------------------------------------------------------------------------------

    @Override
    public synchronized long read(long offset, int size) {
        if (offset == UartRegister.LSR && !isPolling()) {
            state.polls++;
        }
        int value = readRegister((int) offset);
        update();
        return value;
    }

    private int readRegister(int register) {
        boolean dlab = (state.lcr & Lcr.DLAB) != 0;
        return switch (register) {
            case UartRegister.RBR_THR -> dlab ? state.divisor & 0xff : readRbr();
            case UartRegister.IER -> dlab ? state.divisor >> 8 : state.ier;
            case UartRegister.IIR_FCR -> readIir();
            case UartRegister.LCR -> state.lcr;
            case UartRegister.MCR -> state.mcr;
            case UartRegister.LSR -> readLsr();
            case UartRegister.MSR -> readMsr();
            default -> state.scr;
        };
    }

    private int readIir() {
        int cause = interruptCause();
        if (cause == Iir.TRANSMIT_EMPTY) {
            state.transmitInterrupt = false;
        }
        return cause | (hasFifos() ? Iir.FIFOS_ENABLED : 0);
    }

    /** Reading takes the errors of the next character away, not the character. */
    private int readLsr() {
        if (isPolling()) {
            listen();
        }
        int errors = characterErrors();
        boolean anyError = hasFifos() && state.receive.anyHas(Lsr.CHARACTER_ERRORS << 8);
        int value = errors
                | (state.receive.isEmpty() ? 0 : Lsr.DATA_READY)
                | (state.overrun ? Lsr.OVERRUN : 0)
                | (state.transmit.isEmpty() ? Lsr.TRANSMIT_EMPTY | Lsr.TRANSMITTER_IDLE : 0)
                | (anyError ? Lsr.FIFO_ERROR : 0);
        state.overrun = false;
        if (errors != 0) {
            state.receive.replaceFirst(state.receive.peek() & 0xff);
        }
        return value;
    }

    private int readMsr() {
        int value = state.msr;
        state.msr &= ~Msr.DELTAS;
        return value;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        if (offset != UartRegister.RBR_THR || !isPolling()) {
            state.polls = 0;
        }
        writeRegister((int) offset, (int) value);
        update();
    }

    private void writeRegister(int register, int value) {
        boolean dlab = (state.lcr & Lcr.DLAB) != 0;
        switch (register) {
            case UartRegister.RBR_THR -> {
                if (dlab) {
                    state.divisor = state.divisor & 0xff00 | value;
                } else {
                    writeThr(value);
                }
            }
            case UartRegister.IER -> {
                if (dlab) {
                    state.divisor = state.divisor & 0xff | value << 8;
                } else {
                    writeIer(value);
                }
            }
            case UartRegister.IIR_FCR -> writeFcr(value);
            case UartRegister.LCR -> state.lcr = value;
            case UartRegister.MCR -> writeMcr(value);
            case UartRegister.SCR -> state.scr = value;
            default -> {} // LSR and MSR are for the factory's tests
        }
    }

    /** Enabling the transmitter's interrupt while it is empty interrupts at once. */
    private void writeIer(int value) {
        boolean enabled = (value & ~state.ier & Ier.TRANSMIT_EMPTY) != 0;
        state.transmitInterrupt |= enabled && state.transmit.isEmpty();
        state.ier = value & Ier.DEFINED;
        listen();
    }

    private void writeFcr(int value) {
        boolean toggled = ((value ^ state.fcr) & Fcr.ENABLE) != 0;
        boolean effective = (value & Fcr.ENABLE) != 0;
        if (toggled || effective && (value & Fcr.CLEAR_RECEIVE) != 0) {
            clearReceive();
        }
        if (toggled || effective && (value & Fcr.CLEAR_TRANSMIT) != 0) {
            state.transmitInterrupt |= !state.transmit.isEmpty();
            state.transmit.clear();
        }
        state.fcr = effective ? value : 0;
        restartTimeout();
        listen();
    }
}
