package org.lodgevm.linux.kvm;

import java.util.function.LongConsumer;

/** How the kernel tells which pages of its memory a guest has written to. */
interface WriteLog extends AutoCloseable {
    /** Another vCPU of the machine's, which has not run yet. */
    void add(KvmHandle vcpu);

    /**
     * The kernel forgets what it tells, and write-protects those pages again. Only while writes are logged; any thread.
     *
     * @param found is given the guest-physical address of each page
     */
    void collect(LongConsumer found);

    /** The machine's vCPUs do not run any more. */
    @Override
    void close();
}
