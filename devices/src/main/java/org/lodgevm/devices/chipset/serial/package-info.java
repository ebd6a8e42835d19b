/**
 * Serial ports and the threads that connect them to the host's streams.
 *
 * <p>Nothing is lost in either direction. What the guest sends goes through a {@link org.lodgevm.devices.chipset.serial.SerialOutput}
 * with room for some 64 KiB; when that is full, the UART's transmitter is busy, and the guest waits as it would for a slow line. What
 * the host sends is read by a {@link org.lodgevm.devices.chipset.serial.SerialInput} only as fast as the UART takes it, which takes
 * it only when the guest listens.
 *
 * <p>Deliberately absent: the time a character takes on the line (only the receive time-out has it), parity and framing errors.
 * Source for the UART: National Semiconductor PC16550D datasheet.
 */
package org.lodgevm.devices.chipset.serial;
