package org.lodgevm.linux.kvm;

import java.util.concurrent.atomic.LongAdder;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.HostCallException;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.Vcpu.Exit;

/**
 * Runs a guest until something happens in the machine's life: enters it, serves what it came back for, gives it its interrupts.
 *
 * <p>Where the local APIC is the machine's own, the guest comes back for HLT, and to take an interrupt that waited for RFLAGS.IF. Where it is
 * the kernel's, HLT and start-up IPIs are, too, and only the PIC's interrupts are given to the guest here.
 *
 * <p>Whenever {@link #run} returns, the kernel has completed every instruction it came back in the middle of: registers may be read and set.
 */
final class RunLoop {
    /** What starts and stops a CPU beside its own instructions. */
    interface Life {
        /** INIT: back to the state after power-up, with what that spares. @return whether it now waits for a start-up IPI */
        boolean initialize();

        /** A start-up IPI, which the CPU waited for. */
        void start(int vector);

        /** The registers in one line. */
        String describe();
    }

    private final GuestEntry entry;
    private final RunArea area;
    private final ExitHandler exits;
    private final LocalInterrupts interrupts;
    private final Attention attention;
    private final Life life;
    private final boolean kernelApic;

    /** With a local APIC of the kernel's, the kernel knows this and the next one while the machine runs. */
    boolean halted;

    boolean waitingForStartup;
    private String failure;
    private final LongAdder entries = new LongAdder();

    /** @param kernelApic whether the kernel has the local APIC */
    RunLoop(GuestEntry entry, RunArea area, ExitHandler exits, LocalInterrupts interrupts, boolean kernelApic, Attention attention, Life life) {
        this.kernelApic = kernelApic;
        this.entry = entry;
        this.area = area;
        this.exits = exits;
        this.interrupts = interrupts;
        this.attention = attention;
        this.life = life;
    }

    /** Why the guest cannot go on. */
    String failure() {
        return failure;
    }

    /** How often the guest was entered. Any thread. */
    long entries() {
        return entries.sum();
    }

    Exit run() {
        attention.enter();
        try {
            Exit early = kernelApic ? complete() : null; // tells whether the guest is ready for an interrupt
            if (early != null) {
                return early;
            }
            while (true) {
                Exit end = attention.asked() != 0 ? attend() : null;
                if (end == null) {
                    end = step();
                }
                if (end != null) {
                    return end;
                }
            }
        } catch (HostCallException e) {
            return failed(e.getMessage());
        } finally {
            attention.leave();
        }
    }

    private Exit failed(String why) {
        failure = "KVM gave up: %s; %s".formatted(why, life.describe());
        return Exit.FAILED;
    }

    /** Does what was asked from outside. */
    private Exit attend() {
        if (attention.answer(Attention.KICK) != 0) {
            Exit end = complete();
            return end != null ? end : Exit.KICKED;
        }
        if ((attention.asked() & Attention.INIT) != 0) {
            Exit end = complete();
            if (end != null) {
                return end;
            }
        }
        initializeAndStart();
        if (attention.answer(Attention.NMI) != 0) {
            entry.nmi();
            halted = false;
        }
        attention.answer(Attention.INTERRUPT); // the APIC is asked before each entry
        return null;
    }

    /** Does what INIT and a start-up IPI ask for; the guest stands between two instructions. */
    void initializeAndStart() {
        if (attention.answer(Attention.INIT) != 0) {
            halted = false;
            waitingForStartup = life.initialize();
        }
        if (attention.answer(Attention.STARTUP) != 0 && waitingForStartup) {
            waitingForStartup = false;
            life.start(attention.startupVector());
        }
    }

    /** Lets the guest run until it comes back once, or waits while it has nothing to do. */
    private Exit step() {
        boolean waiting = waitingForStartup && !kernelApic;
        if (!waiting) {
            offerInterrupt();
        }
        if (waiting || halted && !kernelApic) {
            attention.await();
            return null;
        }
        if (!attention.announce()) {
            return null;
        }
        int result = enter();
        attention.retire();
        return result == 0 ? serve() : refused(result);
    }

    private int enter() {
        if (kernelApic) {
            entries.increment();
            return entry.run();
        }
        int priority = interrupts.taskPriority();
        area.cr8(priority);
        entries.increment();
        int result = entry.run();
        if (area.cr8() != priority) {
            interrupts.taskPriority(area.cr8());
        }
        return result;
    }

    /** Gives the guest an interrupt that waits, or arranges to be told when it can take one. */
    private void offerInterrupt() {
        boolean pending = interrupts.pending();
        if (pending && area.readyForInterrupt()) {
            int vector = interrupts.acknowledge();
            if (vector >= 0) {
                area.forgetReadiness();
                entry.interrupt(vector);
                exits.traceInterrupt(vector);
                halted = false;
            }
            pending = interrupts.pending();
        } else if (pending && area.interruptsEnabled()) {
            halted = false; // something else is to be taken first
        }
        area.requestInterruptWindow(pending);
    }

    private Exit refused(int result) {
        return switch (-result) {
            case Errno.EINTR, Errno.EAGAIN -> null;
            default -> failed(LibC.failure("KVM_RUN", -result).getMessage());
        };
    }

    private Exit serve() {
        ExitReason reason = ExitReason.of(area.exitReason());
        switch (reason) {
            case KVM_EXIT_IO -> serveInstruction(exits::port);
            case KVM_EXIT_MMIO -> serveInstruction(exits::memory);
            case KVM_EXIT_X86_RDMSR -> serveInstruction(exits::readMsr);
            case KVM_EXIT_X86_WRMSR -> serveInstruction(exits::writeMsr);
            case KVM_EXIT_HLT -> halted = true;
            case KVM_EXIT_IOAPIC_EOI -> exits.endOfInterrupt();
            case KVM_EXIT_DIRTY_RING_FULL -> entry.takeWrites();
            case KVM_EXIT_IRQ_WINDOW_OPEN, KVM_EXIT_SET_TPR, KVM_EXIT_INTR -> {
                // the APIC is asked before the next entry
            }
            case KVM_EXIT_SHUTDOWN -> {
                failure = "triple fault, " + life.describe();
                return Exit.SHUTDOWN;
            }
            case KVM_EXIT_INTERNAL_ERROR -> {
                return failed(InternalError.describe(area.suberror()));
            }
            case KVM_EXIT_FAIL_ENTRY -> {
                return failed("the processor refused to enter the guest with reason 0x%x".formatted(area.entryFailure()));
            }
            default -> {
                return failed("an exit of an unexpected kind, number %d (%s)".formatted(area.exitReason(), reason));
            }
        }
        return null;
    }

    /** The instruction is not complete yet and may still raise an exception, before which the kernel would lose an interrupt that it was given. */
    private void serveInstruction(Runnable access) {
        access.run();
        area.forgetReadiness();
    }

    /** Lets the kernel complete the instruction it came back in the middle of, but execute no other. */
    private Exit complete() {
        while (true) {
            area.immediateExit(true);
            int result = entry.run();
            if (result == -Errno.EINTR) {
                return null;
            }
            Exit end = result == 0 ? serve() : refused(result);
            if (end != null) {
                return end;
            }
        }
    }
}
