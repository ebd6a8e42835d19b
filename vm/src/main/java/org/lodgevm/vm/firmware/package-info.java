/**
 * What a PC's firmware leaves behind for operating systems, for machines that start a kernel without one: ACPI, SMBIOS and MP tables below
 * 1 MiB, the BIOS data area, memory types, a reset vector that restarts the machine. For machines that do have firmware, what it asks QEMU's configuration device for.
 *
 * <p>Deliberately absent: BIOS calls; each fails. A kernel entered by a boot protocol needs none.
 */
package org.lodgevm.vm.firmware;
