package org.lodgevm.devices.chipset.pci;

/** Message-signalled interrupts: one address, and one datum whose low bits tell up to 32 vectors apart. @pci 6.8.1 */
public final class Msi {
    static final class State {
        boolean enabled;
        long address;
        int data;
        /** Log2 of the number of vectors that the guest granted. */
        int granted;
    }

    static final int CAPABILITY = 0x05;
    static final int CAPABILITY_SIZE = 14;
    private static final int LARGEST = 32;

    /** Message control. @pci 6.8.1.3 */
    private static final int ENABLE = 1;

    private static final int MULTIPLE_CAPABLE_SHIFT = 1;
    private static final int MULTIPLE_ENABLE_SHIFT = 4;
    private static final int MULTIPLE_ENABLE = 7 << MULTIPLE_ENABLE_SHIFT;
    private static final int ADDRESS_64 = 1 << 7;

    final State state = new State();
    private final MessageSink sink;
    private final int capable;

    /** @param vectors a power of two */
    Msi(MessageSink sink, int vectors) {
        if (Integer.bitCount(vectors) != 1 || vectors > LARGEST) {
            throw new IllegalArgumentException("MSI has 1, 2, 4, 8, 16 or 32 vectors, not " + vectors);
        }
        this.sink = sink;
        capable = Integer.numberOfTrailingZeros(vectors);
    }

    void define(ConfigSpace config, int offset) {
        ConfigRegister control = ConfigRegister.of(offset + 2, 2)
                .reset(ADDRESS_64 | capable << MULTIPLE_CAPABLE_SHIFT).writable(ENABLE | MULTIPLE_ENABLE);
        ConfigRegister address = ConfigRegister.of(offset + 4, 8).writable(-4);
        ConfigRegister data = ConfigRegister.of(offset + 12, 2).writable(0xffff);
        Runnable adopt = () -> adopt((int) config.get(control), config.get(address), (int) config.get(data));
        config.define(control, adopt);
        config.define(address, adopt);
        config.define(data, adopt);
    }

    private synchronized void adopt(int control, long address, int data) {
        state.enabled = (control & ENABLE) != 0;
        state.granted = Math.min((control & MULTIPLE_ENABLE) >> MULTIPLE_ENABLE_SHIFT, capable);
        state.address = address;
        state.data = data;
    }

    /** Sends a vector; those that the guest did not grant fold onto the others. @return false if the guest does not use MSI */
    public synchronized boolean signal(int vector) {
        if (state.enabled) {
            int low = (1 << state.granted) - 1;
            sink.send(state.address, state.data & ~low | vector & low);
        }
        return state.enabled;
    }
}
