package org.lodgevm.devices.chipset.timer;

import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/**
 * The 8254 programmable interval timer: channel 0 interrupts, channel 2 drives the speaker. Byte-wide registers. Source: Intel
 * 82C54 datasheet (231244).
 */
public final class Pit implements IoRegion {
    public static final int SIZE = 4;

    static final class State {
        /** Tick at which the output rises next, or -1: tells a timer that was overtaken from one that is due. */
        long riseAt = -1;

        final PitChannel.State[] channels = {new PitChannel.State(), new PitChannel.State(), new PitChannel.State()};
    }

    private static final int SPEAKER = 2;
    private static final int CONTROL = 3;

    /** Control word. */
    private static final int CONTROL_CHANNEL_SHIFT = 6;

    private static final int CONTROL_ACCESS_SHIFT = 4;
    private static final int CONTROL_MODE_SHIFT = 1;
    private static final int CONTROL_BCD = 1;
    private static final int READ_BACK = 3;
    private static final int READ_BACK_NO_COUNT = 1 << 5;
    private static final int READ_BACK_NO_STATUS = 1 << 4;
    private static final int READ_BACK_CHANNEL_0 = 1 << 1;

    final State state = new State();
    private final PitChannel[] channels = new PitChannel[state.channels.length];
    private final Oscillator oscillator;
    private final Clock clock;
    private final IrqLine irq;
    private final Clock.Timer timer;

    /** @param irq output of channel 0 */
    public Pit(Clock clock, Oscillator oscillator, IrqLine irq) {
        for (int i = 0; i < channels.length; i++) {
            channels[i] = new PitChannel(state.channels[i]);
        }
        this.clock = clock;
        this.oscillator = oscillator;
        this.irq = irq;
        this.timer = clock.timer(this::rise);
    }

    /** The chip has no reset input and its state after power-up is undefined: stopped, here. */
    public synchronized void reset() {
        for (PitChannel channel : channels) {
            channel.program(PitChannel.ACCESS_BOTH, PitChannel.INTERRUPT_ON_TERMINAL_COUNT, false);
            channel.gate(channel != channels[SPEAKER], now());
        }
        update();
    }

    /** 18.2 interrupts a second from channel 0, as firmware leaves it. */
    public synchronized void programLikeFirmware() {
        channels[0].program(PitChannel.ACCESS_BOTH, PitChannel.RATE_GENERATOR, false);
        channels[0].write(0, now());
        channels[0].write(0, now());
        update();
    }

    private long now() {
        return oscillator.ticks(clock.nanos());
    }

    /** Gate of channel 2, from port 0x61. */
    synchronized void speakerGate(boolean gate) {
        channels[SPEAKER].gate(gate, now());
    }

    /** Output of channel 2. */
    synchronized boolean speakerOutput() {
        return channels[SPEAKER].output(now());
    }

    /** Drives the output and waits for its next rise. A periodic output falls only when it rises again: nobody sees the difference. */
    private void update() {
        long now = now();
        irq.set(channels[0].isPeriodic() || channels[0].output(now));
        state.riseAt = channels[0].nextRise(now);
        if (state.riseAt < 0) {
            timer.cancel();
        } else {
            long time = oscillator.nanosAt(state.riseAt);
            boolean periodic = channels[0].isPeriodic();
            timer.arm(periodic ? Math.max(time, clock.nanos() + Oscillator.SHORTEST_PERIOD) : time);
        }
    }

    private synchronized void rise() {
        if (state.riseAt >= 0 && now() >= state.riseAt) {
            irq.set(false);
            update();
        }
    }

    @Override
    public synchronized long read(long offset, int size) {
        return offset < channels.length ? channels[(int) offset].read(now()) : 0xff;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        if (offset < channels.length) {
            channels[(int) offset].write((int) value, now());
        } else if (offset == CONTROL) {
            writeControl((int) value);
        }
        update();
    }

    private void writeControl(int value) {
        int channel = value >> CONTROL_CHANNEL_SHIFT;
        int access = value >> CONTROL_ACCESS_SHIFT & 3;
        if (channel == READ_BACK) {
            readBack(value);
        } else if (access == 0) {
            channels[channel].latchCount(now());
        } else {
            channels[channel].program(access, value >> CONTROL_MODE_SHIFT & 7, (value & CONTROL_BCD) != 0);
        }
    }

    private void readBack(int command) {
        for (int i = 0; i < channels.length; i++) {
            if ((command & READ_BACK_CHANNEL_0 << i) != 0) {
                if ((command & READ_BACK_NO_COUNT) == 0) {
                    channels[i].latchCount(now());
                }
                if ((command & READ_BACK_NO_STATUS) == 0) {
                    channels[i].latchStatus(now());
                }
            }
        }
    }
}
