/**
 * The console device: a terminal for the guest, or several named ports, each a byte stream to the host.
 *
 * <p>What the guest sends on a port's transmit queue goes to a {@link org.lodgevm.devices.chipset.serial.SerialOutput}; when that is
 * full, buffers stay in the queue. What the host sends is read ahead by one piece and waits for the guest's buffers, and for its opening the
 * port. Nothing is lost in either direction. Control messages, with which ports come into being, go over two queues of their own.
 *
 * <p>Deliberately absent: ports that come and go while the machine runs. @virtio 5.3
 */
package org.lodgevm.devices.virtio.console;
