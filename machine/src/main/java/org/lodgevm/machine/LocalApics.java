package org.lodgevm.machine;

import java.util.List;

/**
 * The local APICs of a machine's board, for an accelerator that has local APICs of its own: it borrows them while the machine runs, and
 * gives them back as they are then, so that whoever looks at a machine that stands still finds them in one place.
 */
public interface LocalApics {
    /** Who has them meanwhile. Methods are called on any thread, one after the other only while they change hands. */
    interface Borrower {
        /** The CPU's goes on from here. */
        void take(int cpu, ApicRegisters registers);

        /** What has become of it. */
        ApicRegisters giveBack(int cpu);

        /**
         * An interrupt message has come to those it addresses when this returns.
         *
         * @param address 0xfee00000 and up. @sdm 11.11.1
         * @return whether some accepted it
         */
        boolean deliver(long address, int data);

        /** These messages, and no others, are of interrupts whose {@link LocalApics#endOfInterrupt} is to be told. */
        void levelTriggered(List<Message> messages);
    }

    /** A write that means an interrupt. @sdm 11.11 */
    record Message(long address, int data) {}

    /**
     * From now on messages go to the borrower. Of each CPU's {@link LocalInterrupts} it is left what comes by wires: the PIC's interrupts,
     * to be acknowledged as ever if the borrowed APIC lets them through, and NMIs.
     */
    void lend(Borrower borrower);

    /** They are the board's again; nothing happens if they are. */
    void takeBack();

    /** A level-triggered interrupt was served at a borrowed APIC. @sdm 11.8.5 */
    void endOfInterrupt(int vector);
}
