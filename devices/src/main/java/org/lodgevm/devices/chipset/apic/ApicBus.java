package org.lodgevm.devices.chipset.apic;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.state.Restorable;

/** Carries interrupt messages to the local APICs they address, and ends of interrupt to the I/O APICs. */
public final class ApicBus implements Restorable, LocalApics {
    static final class State {
        /** Index of the CPU that took the last lowest-priority interrupt: equals take turns. */
        volatile int lastWinner;

        /** Who has the local APICs, or null. Guarded by {@link #handover}. */
        transient Borrower borrower;
    }

    final State state = new State();
    private final List<LocalApic> locals = new CopyOnWriteArrayList<>();
    private final List<IoApic> ioApics = new CopyOnWriteArrayList<>();
    /** Messages on their way share it; local APICs change hands when there are none. Taken with I/O APICs' monitors held. */
    private final ReadWriteLock handover = new ReentrantReadWriteLock();

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
        static final long ADDRESS = 0xfee0_0000L;
        static final int DESTINATION = 0xff;
        static final int ADDRESS_DESTINATION_SHIFT = 12;
        static final int ADDRESS_LOGICAL = 1 << 2;
        static final int DATA_ASSERT = 1 << 14;
        static final int DATA_LEVEL_TRIGGERED = 1 << 15;

        static long address(InterruptMessage message) {
            return ADDRESS | (message.destination() & DESTINATION) << ADDRESS_DESTINATION_SHIFT | (message.logical() ? ADDRESS_LOGICAL : 0);
        }

        static int data(InterruptMessage message) {
            return message.vector() | message.mode().bits() | DATA_ASSERT | (message.level() ? DATA_LEVEL_TRIGGERED : 0);
        }
    }

    /** @return whether some local APIC accepted it */
    boolean deliver(InterruptMessage message) {
        return deliver(message, null);
    }

    /** @param excluded gets nothing even if it is addressed, or null */
    boolean deliver(InterruptMessage message, LocalApic excluded) {
        handover.readLock().lock();
        try {
            return state.borrower == null
                    ? deliverHere(message, excluded)
                    : state.borrower.deliver(Msi.address(message), Msi.data(message));
        } finally {
            handover.readLock().unlock();
        }
    }

    private boolean deliverHere(InterruptMessage message, LocalApic excluded) {
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

    @Override
    public void lend(Borrower borrower) {
        handover.writeLock().lock();
        try {
            if (state.borrower == null) {
                for (int cpu = 0; cpu < locals.size(); cpu++) {
                    borrower.take(cpu, locals.get(cpu).lend());
                }
                state.borrower = borrower;
            }
        } finally {
            handover.writeLock().unlock();
        }
        ioApics.forEach(IoApic::tellLevels);
    }

    @Override
    public void takeBack() {
        handover.writeLock().lock();
        try {
            Borrower borrower = state.borrower;
            state.borrower = null;
            for (int cpu = 0; cpu < locals.size() && borrower != null; cpu++) {
                locals.get(cpu).takeBack(borrower.giveBack(cpu));
            }
        } finally {
            handover.writeLock().unlock();
        }
        ioApics.forEach(ioApic -> ioApic.settle(vector -> locals.stream().anyMatch(local -> local.holds(vector))));
    }

    /** What an I/O APIC sends by level. */
    void levelTriggered(List<InterruptMessage> messages) {
        handover.readLock().lock();
        try {
            if (state.borrower != null) {
                state.borrower.levelTriggered(messages.stream().map(each -> new Message(Msi.address(each), Msi.data(each))).toList());
            }
        } finally {
            handover.readLock().unlock();
        }
    }

    /** The caller holds no lock. */
    @Override
    public void endOfInterrupt(int vector) {
        for (IoApic ioApic : ioApics) {
            ioApic.endOfInterrupt(vector);
        }
    }
}
