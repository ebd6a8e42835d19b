/** What connects chips: interrupt wires that several drive, and windows through which registers are seen. */
package org.lodgevm.devices.chipset.wiring;
