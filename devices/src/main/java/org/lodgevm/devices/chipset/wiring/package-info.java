/** Interrupt wires between chips. */
package org.lodgevm.devices.chipset.wiring;
