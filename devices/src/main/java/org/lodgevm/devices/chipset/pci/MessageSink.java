package org.lodgevm.devices.chipset.pci;

/** Where message-signalled interrupts go: memory writes of 32 bits. @pci 6.8 */
@FunctionalInterface
public interface MessageSink {
    void send(long address, int data);
}
