package org.lodgevm.devices.virtio.pmem;

import java.io.Closeable;
import java.io.IOException;

/** Guest-physical memory whose content outlives the machine. */
public interface PersistentRange extends Closeable {
    /** Where it begins. */
    long gpa();

    /** In bytes. */
    long size();

    /** What was written before becomes durable. @throws IOException with a sentence for the user */
    void flush() throws IOException;
}
