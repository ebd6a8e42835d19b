/**
 * PCI: the root bus, devices with their configuration space, and the two chips every Q35 has, the host bridge and the LPC bridge.
 *
 * <p>A configuration access comes through the ports 0xcf8 and 0xcfc ({@link org.lodgevm.devices.chipset.pci.ConfigPorts}) or
 * through memory (ECAM, mapped by the {@link org.lodgevm.devices.chipset.pci.HostBridge}) to the
 * {@link org.lodgevm.devices.chipset.pci.PciBus} and on to one {@link org.lodgevm.devices.chipset.pci.PciDevice}, whose base address
 * registers map its regions on the machine's bus. Interrupts leave a device by its INTx pin, through the PIRQ router of the
 * {@link org.lodgevm.devices.chipset.pci.LpcBridge}, or as a message.
 *
 * <p>Deliberately absent: bridges and buses behind them, expansion ROMs, error reporting. Cited as {@code @pci}: PCI Local Bus
 * Specification 3.0; {@code @pcie}: PCI Express Base Specification 5.0; MCH: Intel 3 Series datasheet (316966); ICH9: Intel ICH9
 * datasheet (316972).
 */
package org.lodgevm.devices.chipset.pci;
