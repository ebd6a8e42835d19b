/**
 * What tells a PC the time: the 8254 interval timer with port 0x61, the HPET, and the real-time clock.
 *
 * <p>Nothing here counts. A counter is a function of the machine's {@link org.lodgevm.machine.Clock} and of when it was loaded;
 * only a counter whose next event interrupts somebody has a timer armed. A timer that fires late does not shift the ticks after
 * it; ticks that were missed altogether are skipped.
 */
package org.lodgevm.devices.chipset.timer;
