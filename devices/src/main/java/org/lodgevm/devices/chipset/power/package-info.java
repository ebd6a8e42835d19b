/**
 * Power and reset: the ACPI hardware registers of an ICH9, the port that switches them on, and the reset port. Sources: ACPI
 * specification 6.5 chapter 4 ({@code @acpi}), ICH9 datasheet (316972) 13.8 and 13.7.5.
 *
 * <p>Deliberately absent: system management mode (SMI_EN reads as if firmware had set it up and locked it), sleep other than
 * soft-off, the watchdog timer (TCO), general purpose events (their registers are there; no source drives them).
 */
package org.lodgevm.devices.chipset.power;
