package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a protection needs of a machine, at either side, beside what a migration does. */
public interface ProtectedMachine extends MovingMachine {
    /** What is done while a machine stands still. */
    @FunctionalInterface
    interface Still {
        /** @param running whether the machine ran, and will go on */
        void run(boolean running) throws IOException;
    }

    /** @throws IOException if it has devices whose effects cannot be held back */
    void requireProtectable() throws IOException;

    /** Whether another place cannot run the machine as long as this one has its disks. */
    boolean isFenced();

    /** The machine stands still for a task. @throws IOException if the task does, or the machine has ended */
    void still(Still task) throws IOException;

    /** As {@link #saveState}, within {@link #still}. */
    byte[] stateNow();

    /**
     * Holds back what the machine does, within {@link #still}.
     *
     * @param more told each time when there is more of it
     */
    HeldOutput hold(Runnable more) throws IOException;

    /** Keeps CPUs from running, or lets them. */
    void wait(boolean now);

    /** @param task done when the machine ends, before its devices do; or null */
    void beforeEnd(Runnable task);

    // ---- at the other side ------------------------------------------------------------------------------------------------

    /** Where an output leads, bytes appear as if the guest had sent them. */
    void print(int output, byte[] bytes) throws IOException;

    /** Writes to a disk that the machine has. */
    void write(int disk, long offset, ByteBuffer bytes) throws IOException;

    /** Has a range of such a disk read as zeroes. */
    void zero(int disk, long offset, long length) throws IOException;

    /** What was written becomes durable. */
    void flushDisks() throws IOException;
}
