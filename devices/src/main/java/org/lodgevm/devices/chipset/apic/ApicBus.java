package org.lodgevm.devices.chipset.apic;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.lodgevm.machine.state.Restorable;

/** Carries interrupt messages to the local APICs they address, and ends of interrupt to the I/O APICs. */
public final class ApicBus implements Restorable {
    static final class State {
        /** Index of the CPU that took the last lowest-priority interrupt: equals take turns. */
        volatile int lastWinner;
    }

    final State state = new State();
    private final List<LocalApic> locals = new CopyOnWriteArrayList<>();
    private final List<IoApic> ioApics = new CopyOnWriteArrayList<>();

    public void connect(LocalApic local) {
        locals.add(local);
    }

    public void connect(IoApic ioApic) {
        ioApics.add(ioApic);
    }

    @Override
    public void restored() {
        Objects.checkIndex(state.lastWinner, Math.max(1, locals.size()));
    }

    /**
     * A write that a device makes to the message address range.
     *
     * @param address 0xfee00000 and up: destination in 19:12, logical mode in bit 2; the redirection hint (bit 3) repeats what the delivery mode says
     * @param data vector in 7:0, delivery mode in 10:8, trigger mode in bit 15, level in bit 14
     * @sdm 11.11.1
     */
    public void msi(long address, int data) {
        boolean level = (data & Msi.DATA_LEVEL_TRIGGERED) != 0;
        if (level && (data & Msi.DATA_ASSERT) == 0) {
            return; // the deassertion of a level-triggered message has no effect at a local APIC
        }
        int destination = (int) (address >> Msi.ADDRESS_DESTINATION_SHIFT) & 0xff;
        boolean logical = (address & Msi.ADDRESS_LOGICAL) != 0;
        deliver(InterruptMessage.narrow(destination, logical, DeliveryMode.of(data), data & 0xff, level));
    }

    private static final class Msi {
        static final int ADDRESS_DESTINATION_SHIFT = 12;
        static final int ADDRESS_LOGICAL = 1 << 2;
        static final int DATA_ASSERT = 1 << 14;
        static final int DATA_LEVEL_TRIGGERED = 1 << 15;
    }

    /** @return whether some local APIC accepted it */
    boolean deliver(InterruptMessage message) {
        return deliver(message, null);
    }

    /** @param excluded gets nothing even if it is addressed, or null */
    boolean deliver(InterruptMessage message, LocalApic excluded) {
        if (message.mode() == DeliveryMode.LOWEST_PRIORITY) {
            LocalApic winner = lowestPriority(message, excluded);
            return winner != null && winner.accept(message);
        }
        boolean accepted = false;
        for (LocalApic local : locals) {
            if (local != excluded && local.isAddressedBy(message)) {
                accepted |= local.accept(message);
            }
        }
        return accepted;
    }

    /** @sdm 11.6.2.4 */
    private LocalApic lowestPriority(InterruptMessage message, LocalApic excluded) {
        int winner = -1;
        int lowest = Integer.MAX_VALUE;
        int count = locals.size();
        for (int n = 1; n <= count; n++) {
            int i = (state.lastWinner + n) % count;
            LocalApic local = locals.get(i);
            if (local != excluded && local.isAddressedBy(message)) {
                int priority = local.arbitrationPriority();
                if (priority < lowest) {
                    lowest = priority;
                    winner = i;
                }
            }
        }
        if (winner < 0) {
            return null;
        }
        state.lastWinner = winner;
        return locals.get(winner);
    }

    /** A level-triggered interrupt was served. The caller holds no lock. @sdm 11.8.5 */
    void endOfInterrupt(int vector) {
        for (IoApic ioApic : ioApics) {
            ioApic.endOfInterrupt(vector);
        }
    }
}
