package org.lodgevm.devices.chipset.pci;

/** The root bus. */
public final class PciBus {}
