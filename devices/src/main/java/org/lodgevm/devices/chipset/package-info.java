/**
 * The chipset of a PC: {@link org.lodgevm.devices.chipset.Chipset} assembles the devices of the packages below and maps them on a
 * machine's bus where {@link org.lodgevm.devices.chipset.PcLayout} says.
 *
 * <p>A guest's access flows from the bus to one device's registers; interrupts flow from devices over
 * {@link org.lodgevm.machine.IrqLine}s to the interrupt controllers and on to a CPU's
 * {@link org.lodgevm.machine.LocalInterrupts}. Devices know neither each other nor any CPU: the chipset connects them.
 *
 * <p>Every device is one class with one nested {@code State}; all its other fields are final. Its own monitor guards it, and it may
 * call down the interrupt chain while it holds that. Timers' tasks run on the clock's thread.
 */
package org.lodgevm.devices.chipset;
