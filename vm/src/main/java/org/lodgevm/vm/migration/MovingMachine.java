package org.lodgevm.vm.migration;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.GuestMemory;

/** What a migration needs of a machine, at either side. */
public interface MovingMachine {
    /** What must be the same at both sides, by name, in an order worth comparing in. */
    Map<String, String> profile();

    GuestMemory memory();

    /** A line for the log of the machine's owner. */
    void say(String line);

    /**
     * Saves state, or, of a machine that was never started, restores some, to no effect: so that a JVM that has never done it does not begin to learn it while the guest
     * stands still.
     */
    void rehearse();

    /** Disks that can be written to. */
    List<? extends MovingDisk> disks();

    /** Begins to log which pages are written to. */
    DirtyLog logWrites();

    /** What the guest executes often, for {@link #prepare}. @see org.lodgevm.machine.Accelerator.VcpuFactory#hotCode */
    byte[] hotCode();

    /** At the target: makes ready for that while memory comes, which is not waited for. */
    void prepare(byte[] hotCode);

    /** Lets the CPUs run a part of the time only; 0 lets them run all of it. Time and devices go on. */
    void throttle(int percent);

    boolean isRunning();

    /** Nothing happens unless it runs. @throws IOException if there is nothing left to be paused: the guest has ended */
    void pause() throws IOException;

    void resume();

    /** All state but memory and disks, of the paused machine. */
    byte[] saveState() throws IOException;

    /** The machine, built and never started, has that state and is paused. */
    void restoreState(byte[] state) throws IOException;

    /** Of the paused machine: what the guest has sent has reached the host's streams, unless these keep it waiting. */
    void drainOutput();

    /** Of the paused machine: makes what was written durable, and lets others have the disks. */
    void releaseDisks() throws IOException;

    /** Claims the disks, for a machine that was built without or has released them. */
    void acquireDisks() throws IOException;

    /** At the target: whether its CPUs wait for memory. @throws IOException if they do not, with what to do */
    void requirePostcopy() throws IOException;

    /** The paused machine runs elsewhere, and its memory is needed here: it does not go on. */
    void handOver();

    /** The machine runs elsewhere: it has ended here. */
    void leave();
}
