/**
 * The pair of 8259A interrupt controllers that a PC has had since the AT. Wires come in, INTR goes out; whoever takes the
 * interrupt (a local APIC in virtual wire mode) runs the acknowledge cycle and gets the vector. Source: Intel 8259A datasheet
 * (231468), ICH9 datasheet 13.4.
 */
package org.lodgevm.devices.chipset.pic;
