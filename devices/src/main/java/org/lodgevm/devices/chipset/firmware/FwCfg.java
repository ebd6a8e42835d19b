package org.lodgevm.devices.chipset.firmware;

/** QEMU's firmware configuration device. */
public final class FwCfg {
    /** A numbered item. */
    public void add(int selector, byte[] contents) {
        throw new UnsupportedOperationException();
    }

    /** A named file; it appears in the directory. */
    public void addFile(String name, byte[] contents) {
        throw new UnsupportedOperationException();
    }

    /** A named file that the guest may overwrite by DMA; {@code written} runs after each write. */
    public void addWritableFile(String name, byte[] contents, Runnable written) {
        throw new UnsupportedOperationException();
    }
}
