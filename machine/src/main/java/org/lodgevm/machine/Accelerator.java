package org.lodgevm.machine;

import java.util.List;

/** A way to execute guest code. Implementations are found by {@link java.util.ServiceLoader}. */
public interface Accelerator {
    /** What the user calls it: {@code interpreter}, {@code jit}, {@code kvm}. */
    String name();

    /** Null when it works on this host, else one sentence that says why not and what to do. */
    String unavailable();

    /** Higher is preferred when the user does not choose. */
    int preference();

    /** Makes ready what is the same for all machines and takes long, so that the first one is made sooner. By any thread, at any time. */
    default void prepare() {}

    /** Creates the CPUs' common part for one machine. */
    VcpuFactory open(MachineContext context);

    /**
     * What identifies those machines, of all that have the same guest, that do best to use each other's {@link TranslationFile}; null if this
     * accelerator makes none.
     */
    default String translationsId(Cpus cpus) {
        return null;
    }

    /**
     * What a machine offers its CPUs.
     *
     * @param translations null for none
     * @param apics null if they are not lent
     */
    record MachineContext(
            GuestMemory memory, Clock clock, Cpus cpus, Trace trace, TranslationFile translations, LocalApics apics) {
        public MachineContext(GuestMemory memory, Clock clock, Cpus cpus, Trace trace) {
            this(memory, clock, cpus, trace, null);
        }

        public MachineContext(GuestMemory memory, Clock clock, Cpus cpus, Trace trace, TranslationFile translations) {
            this(memory, clock, cpus, trace, translations, null);
        }
    }

    /** How many there are, and up to where they show features; APIC ids are the indexes. */
    record Cpus(int count, CpuLevel level) {
        /** With all features. */
        public Cpus(int count) {
            this(count, CpuLevel.MAX);
        }
    }

    /** One machine's CPUs share what this holds: translations of code pages, for instance. */
    interface VcpuFactory extends AutoCloseable {
        /**
         * @param index 0 is the bootstrap processor
         * @param bus with the CPU's own local APIC laid over the machine's bus
         * @param interrupts its local APIC
         */
        Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc);

        /** What CPUID shows on the first CPU after power-up, once that has been created. */
        List<CpuidLeaf> cpuid();

        /** The machine's clock stands still, and with it what the accelerator counts time by. No CPU runs. May be called again. */
        default void pause() {}

        /** The clock goes on. No CPU runs yet. Called before CPUs run first and after each pause; may be called without one. */
        default void resume() {}

        /** Whether CPUs wait for pages that {@link GuestMemory} expects: whether they ask it before they reach for one. */
        default boolean awaitsMemory() {
            return false;
        }

        /**
         * For a {@link DirtyLog}, whose thread this is: whether CPUs are to notice writes to RAM. When it returns they do, also those that run.
         * What they notice they enter by {@link GuestMemory#written}, or keep for {@link #collectWrites}.
         */
        void logWrites(boolean on);

        /**
         * Adds pages that were written to. When it returns, CPUs have written what they do not report, and will notice another
         * write to any page.
         */
        void collectWrites(PageSet found);

        /** What the guest executes often, for another process's {@link #prepare}; at most a MiB, and empty if there is nothing to be said. Any thread. */
        default byte[] hotCode() {
            return new byte[0];
        }

        /**
         * Makes ready for code that is going to be executed, by and by: for a new machine that is to go on where another is, and has its memory or most of it. What makes no
         * sense is left out. Any thread.
         */
        default void prepare(byte[] hotCode) {}

        @Override
        void close();
    }
}
