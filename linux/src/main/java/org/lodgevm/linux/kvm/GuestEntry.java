package org.lodgevm.linux.kvm;

/** The kernel's side of a vCPU while it runs: what {@link RunLoop} asks of it. */
interface GuestEntry {
    /** Lets the guest run. @return 0, or a negative error number: EINTR for an immediate exit or a signal */
    int run();

    /** Makes the guest take an external interrupt, for which it must be ready. */
    void interrupt(int vector);

    /** Makes the guest take an NMI as soon as it can. */
    void nmi();

    /** Some vCPU cannot note writes to further pages: those noted are taken away, for whoever asks for them. */
    void takeWrites();
}
