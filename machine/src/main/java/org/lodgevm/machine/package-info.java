/**
 * The contracts of a virtual machine: guest memory, the bus, interrupt lines, the clock, and what a virtual CPU is to the rest.
 *
 * <p>Data flows one way: a CPU reads and writes its {@link org.lodgevm.machine.Bus}, which reaches RAM or the
 * {@link org.lodgevm.machine.IoRegion} of a device. Interrupts flow the other way: a device drives an
 * {@link org.lodgevm.machine.IrqLine}, a chain of interrupt controllers ends at a
 * {@link org.lodgevm.machine.LocalInterrupts}, which signals its CPU through {@link org.lodgevm.machine.VcpuSignals}.
 *
 * <p>Deliberately absent: any device, any instruction. This module depends on nothing.
 *
 * <p>Locks: a device guards itself with its own monitor and may call down the interrupt chain while holding it
 * (device, then I/O APIC, then local APIC, then CPU signal). Nothing calls up the chain with a lock held.
 */
package org.lodgevm.machine;
