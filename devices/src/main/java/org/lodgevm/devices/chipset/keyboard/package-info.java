/**
 * Keyboard and mouse as a PC has had them since the PS/2: an 8042 controller with two serial ports, and a device at each.
 *
 * <p>The host's side types and moves through {@link org.lodgevm.devices.chipset.keyboard.I8042}; bytes wait in the device until the
 * controller's one output buffer is free, and interrupt the guest from there. The controller's monitor guards both devices. The
 * controller also has two wires of its own, one that resets the machine and one that enables address line 20;
 * {@link org.lodgevm.devices.chipset.keyboard.SystemControlA} is the quicker way to both.
 *
 * <p>Sources: IBM PS/2 Hardware Interface Technical Reference (1990), chapters "Keyboard and auxiliary device controller", "Keyboards"
 * and "Mouse", cited as {@code @ps2}; Microsoft's IntelliMouse protocol for the wheel; ICH9 datasheet 13.7 for port 0x92.
 *
 * <p>Deliberately absent: transmission times (a byte is there at once), passwords, scan code set 3, typematic repeat, which is the
 * host's keyboard's.
 */
package org.lodgevm.devices.chipset.keyboard;
