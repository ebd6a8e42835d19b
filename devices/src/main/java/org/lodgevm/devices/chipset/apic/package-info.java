/**
 * The APICs: one {@link org.lodgevm.devices.chipset.apic.LocalApic} per CPU, the
 * {@link org.lodgevm.devices.chipset.apic.IoApic} for wired interrupts, and the
 * {@link org.lodgevm.devices.chipset.apic.ApicBus} between them, which also takes message-signalled interrupts.
 *
 * <p>An interrupt flows from a wire through the I/O APIC (or from a device as a message, or from another CPU as an IPI) over
 * the bus into the local APICs it addresses, each of which signals its CPU. An end of interrupt flows back. Since that is up
 * the chain, a local APIC sends it, and IPIs too, only after it has left its own monitor.
 *
 * <p>Deliberately absent: system management interrupts (there is no SMM), interrupt remapping, xAPIC arbitration priorities.
 * Sections cited as {@code @sdm} are of the Intel SDM, volume 3, chapter "Advanced Programmable Interrupt Controller".
 */
package org.lodgevm.devices.chipset.apic;
