package org.lodgevm.devices.chipset;

import java.io.OutputStream;
import java.util.List;
import org.lodgevm.devices.chipset.pci.ShadowRam;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.machine.IrqLine;

/**
 * What may differ from one PC to the next.
 *
 * @param cpus number of CPUs; their APIC ids are 0 to {@code cpus - 1}
 * @param serial far ends of COM1 to COM4; missing ones are unconnected
 * @param debugConsole what the guest writes to ports 0xe9 and 0x402
 * @param shadowRam told when firmware switches its ROM's place to RAM
 * @param a20 told when address line 20 is enabled (asserted) or forced low; it is enabled at power-up
 */
public record ChipsetConfig(
        int cpus, List<SerialEndpoint> serial, OutputStream debugConsole, ShadowRam shadowRam, IrqLine a20) {
    /** At most as many CPUs as an 8-bit APIC id tells apart. */
    public static final int MAX_CPUS = 255;

    public ChipsetConfig {
        if (cpus < 1 || cpus > MAX_CPUS) {
            throw new IllegalArgumentException("a machine has 1 to %d CPUs, not %d".formatted(MAX_CPUS, cpus));
        }
        if (serial.size() > PcLayout.UART_COUNT) {
            throw new IllegalArgumentException("a PC has four serial ports, not " + serial.size());
        }
        serial = List.copyOf(serial);
    }

    /** A PC without firmware, with one serial port. */
    public static ChipsetConfig of(int cpus, SerialEndpoint com1) {
        return new ChipsetConfig(
                cpus, List.of(com1), OutputStream.nullOutputStream(), ShadowRam.ALWAYS_RAM, IrqLine.unconnected());
    }
}
