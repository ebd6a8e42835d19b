/**
 * Devices that no PC has, and that test kernels and firmware expect of a hypervisor: an exit with a status, a console of one port, and
 * QEMU's test device. Sources: QEMU, {@code hw/misc/debugexit.c}, {@code hw/char/debugcon.c}, {@code hw/misc/pc-testdev.c}; Bochs
 * manual, "port 0xe9 hack".
 */
package org.lodgevm.devices.chipset.debug;
